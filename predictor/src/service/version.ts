import { z } from 'zod';
import { familySettings, fittedModel, learntState } from '../models/schema.ts';

/** One forecast that has met its return. */
const scoredDay = z.object({
  /** ms UTC of the bar that ended the day. */
  time: z.number(),
  /** The forecast's own probability of a return at most the one seen: uniform when it is calibrated. */
  probability: z.number(),
  crps: z.number(),
  baselineCrps: z.number(),
});

/** What a version is, apart from its number: all that is needed to forecast from it, and how good it was. */
export const versionBody = z.object({
  settings: familySettings,
  models: z.array(fittedModel),
  /** Weights and calibration as they were at the newest bar of the fit. */
  learnt: learntState,
  /** False where weights and calibration are not to follow what is seen. */
  adaptive: z.boolean(),
  /** Out of sample: each day was forecast with parameters from before it. Oldest first. */
  record: z.array(scoredDay),
  /** Of the returns that it was fitted on; see `fingerprint`. Versions from before it was kept have none. */
  dataFingerprint: z.string().optional(),
});

export type ScoredDay = z.infer<typeof scoredDay>;
export type VersionBody = z.infer<typeof versionBody>;

/** `fault`: made on demand to be bad. */
export type VersionOrigin = 'fit' | 'fault';

export interface ModelVersion {
  readonly symbol: string;
  /** Counts from 1 within a symbol. */
  readonly version: number;
  readonly createdMs: number;
  readonly origin: VersionOrigin;
  /** The bars it was fitted on: the first, the last, how many. */
  readonly dataFromMs: number;
  readonly dataToMs: number;
  readonly bars: number;
  readonly body: VersionBody;
}
