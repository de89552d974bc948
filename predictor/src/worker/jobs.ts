import type { BacktestResult } from '../backtest/result.ts';
import { type BacktestSettings, type Progress, runBacktest } from '../backtest/run.ts';
import type { ReturnSeries } from '../backtest/walk-forward.ts';
import type { FamilySettings } from '../models/settings.ts';
import { driftedBody } from '../service/drift.ts';
import { type FitOutcome, fitVersion } from '../service/fit-version.ts';
import { type Prepared, prepare } from '../service/prepare.ts';
import type { VersionBody } from '../service/version.ts';

/** What is computed away from the event loop. Plain data both ways. */
export type Job =
  | { readonly kind: 'fit'; readonly series: ReturnSeries; readonly settings: FamilySettings }
  | {
      readonly kind: 'prepare';
      readonly series: ReturnSeries;
      readonly dataToMs: number;
      readonly body: VersionBody;
      readonly seed: number;
    }
  | { readonly kind: 'backtest'; readonly series: ReturnSeries; readonly settings: BacktestSettings }
  | {
      readonly kind: 'drift';
      readonly series: ReturnSeries;
      readonly body: VersionBody;
      readonly factor: number;
    };

export interface Results {
  fit: FitOutcome;
  prepare: Prepared;
  backtest: BacktestResult;
  drift: VersionBody;
}

export function perform(job: Job, onProgress: (progress: Progress) => void): Results[Job['kind']] {
  switch (job.kind) {
    case 'fit':
      return fitVersion(job.series, job.settings);
    case 'prepare':
      return prepare(job.series, job.dataToMs, job.body, job.seed);
    case 'backtest':
      return runBacktest(job.series, job.settings, onProgress);
    case 'drift':
      return driftedBody(job.body, job.series, job.factor);
    default:
      return job satisfies never;
  }
}
