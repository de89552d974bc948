import type { EvidenceItem } from '../core/evidence.ts';

/** What the state of an instance says of its last run. Times in milliseconds since the epoch, `null` where unknown. */
export type LastRun = {
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Whether the runtime starts it again and again by itself, so that the run before belongs to the same trouble. */
  readonly loops: boolean;
};

/** Nothing is known of it. */
export const UNKNOWN_RUN: LastRun = { startedAt: null, finishedAt: null, loops: false };

/** The last runs of the instances, by name, as their `inspect` evidence tells them. */
export function lastRunsOf(evidence: readonly EvidenceItem[]): (instance: string) => LastRun {
  const runs = new Map<string, LastRun>();
  for (const { kind, instance, text } of evidence) {
    if (kind !== 'inspect') continue;
    const facts = new Map<string, string>();
    for (const line of text.split('\n', 100)) {
      const [, name, value] = /^([\w ]{1,40}): (.*)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined && !facts.has(name)) facts.set(name, value);
    }
    runs.set(instance, {
      startedAt: timeIn(facts.get('started')),
      finishedAt: timeIn(facts.get('finished')),
      loops: facts.get('status') === 'restarting' || Number(facts.get('restarts by the engine') ?? 0) > 0,
    });
  }
  return (instance) => runs.get(instance) ?? UNKNOWN_RUN;
}

function timeIn(text: string | undefined): number | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : at;
}
