import type { JournalEntry } from '../agentProcess.ts';

/** Milliseconds of one recovery; null where it had no such part. */
export type Times = {
  /** From the fault to the first signal. */
  readonly detectionMs: number | null;
  /** From the first signal to the first mutating call: evidence, guards, a look. */
  readonly reactionMs: number | null;
  /** That call, and those after it. */
  readonly repairMs: number | null;
  /** From the first signal until it was first seen healthy after the last call, by Docker and its probe. */
  readonly healthyMs: number | null;
  /** From the last call's end to the proof: well for the whole soak, its alert over. */
  readonly verificationMs: number | null;
  readonly totalMs: number;
};

/** @param brokenAt Milliseconds since the epoch, by this machine's clock, which is that of the containers too. */
export function timesOf(brokenAt: number, journal: readonly JournalEntry[]): Times {
  const heardAt = journal.find(({ body }) => body.type === 'signal-heard')?.at;
  const begun = journal.filter(({ body }) => body.type === 'mutation-started');
  const acted = begun.map(({ body }) => body['index']);
  const done = journal.filter(({ body }) => body.type === 'action-ended' && acted.includes(body['index']));
  const from = begun[0]?.at;
  const to = done.at(-1)?.at;
  const healthyAt = journal.find(({ at, body }) => to !== undefined && at >= to && isWell(body))?.at;
  const end = journal.findLast(({ body }) => body.type === 'incident-ended')?.at;
  return {
    detectionMs: between(brokenAt, heardAt),
    reactionMs: between(heardAt, from),
    repairMs: between(from, to),
    healthyMs: between(heardAt, healthyAt),
    verificationMs: between(to ?? heardAt, end),
    totalMs: (end ?? Date.now()) - brokenAt,
  };
}

/** By a look for the proof, or by a step that looked. */
function isWell(body: JournalEntry['body']): boolean {
  return JSON.stringify(body).includes('"verdict":"well"');
}

function between(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : to - from;
}

/** The times of all faults, as a table. */
export class Timetable {
  readonly #rows: (readonly [string, Times])[] = [];
  readonly #byHand = new Map<string, number>();

  add(title: string, times: Times): void {
    this.#rows.push([title, times]);
  }

  /** What the same fault takes by hand: `docker restart`, until Docker calls it healthy, milliseconds. */
  addByHand(title: string, healthyMs: number): void {
    this.#byHand.set(title, healthyMs);
  }

  text(): string {
    const columns = [
      'detectionMs',
      'reactionMs',
      'repairMs',
      'healthyMs',
      'verificationMs',
      'totalMs',
    ] as const;
    const head = [
      'fault',
      'detection',
      'reaction',
      'repair',
      'healthy',
      'verification',
      'in all',
      'by hand',
      'ratio',
    ];
    const rows = this.#rows.map(([title, times]) => {
      const byHandMs = this.#byHand.get(title) ?? null;
      const ratio =
        byHandMs === null || times.healthyMs === null ? '-' : (times.healthyMs / byHandMs).toFixed(2);
      return [title, ...columns.map((column) => inSeconds(times[column])), inSeconds(byHandMs), ratio];
    });
    return [head, ...rows].map((row) => row.map((cell) => cell.padEnd(13)).join('')).join('\n');
  }
}

function inSeconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1_000).toFixed(2)} s`;
}
