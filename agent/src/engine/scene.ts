import type { EffectReport } from '../core/context.ts';
import type { SelfIdentity } from '../core/guards/index.ts';
import type { Incident } from '../core/incident.ts';
import type { Settings } from '../core/settings.ts';
import type { Target } from '../core/target.ts';

/** What one effect needs to know of the incident and the world when it starts. */
export type Scene = {
  readonly incident: Incident;
  /** Null when the target is no longer known; such an effect reports that it could not be done. */
  readonly target: Target | null;
  readonly settings: Settings;
  readonly self: SelfIdentity;
};

/** Tells the engine what an effect came to. */
export type Report = (report: EffectReport) => Promise<void>;
