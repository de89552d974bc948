import type { Alert } from './alert.ts';

/**
 * One thing heard. An alert still has to find its target by its labels; the other sources know theirs, and carry no
 * symptom beyond the target's health: health alone says whether such a trouble is over.
 */
export type Signal =
  | { readonly source: 'alertmanager'; readonly alert: Alert; readonly receiver: string }
  | {
      readonly source: 'probe';
      readonly target: string;
      readonly probe: string;
      readonly state: 'failing' | 'passing';
      readonly reason: string;
    }
  | {
      readonly source: 'runtime';
      readonly target: string;
      readonly event: 'died' | 'oom' | 'unhealthy';
      readonly instance: string;
      /** Milliseconds since the epoch, as the runtime tells it. */
      readonly happenedAt: number;
      readonly reason: string;
    }
  | { readonly source: 'person'; readonly target: string; readonly who: string; readonly reason: string };
