import { isAnswering, type Observation } from '../../agent/src/core/observation.ts';
import type { JournalEntry } from '../agentProcess.ts';
import type { ByHand } from './byHand.ts';

/** Milliseconds of one recovery; null where it had no such part. */
export type Times = {
  /** From the fault to the first signal. */
  readonly detectionMs: number | null;
  /** From the first signal to the first mutating call: evidence, guards, a look. */
  readonly reactionMs: number | null;
  /** That call, and those after it. */
  readonly repairMs: number | null;
  /** From the first signal until it was first seen to answer its probe after the last call. */
  readonly answersMs: number | null;
  /** From the first signal until it was first seen healthy after the last call: by its probe, and by Docker. */
  readonly healthyMs: number | null;
  /** From the last call's end to the proof: well for the whole soak, its alert over. */
  readonly verificationMs: number | null;
  readonly totalMs: number;
};

/** @param brokenAt Milliseconds since the epoch, by this machine's clock, which is that of the containers too. */
export function timesOf(brokenAt: number, journal: readonly JournalEntry[]): Times {
  const heardAt = firstHeard(journal);
  const begun = journal.filter(({ body }) => body.type === 'mutation-started');
  const acted = begun.map(({ body }) => body['index']);
  const done = journal.filter(({ body }) => body.type === 'action-ended' && acted.includes(body['index']));
  const from = begun[0]?.at;
  const to = done.at(-1)?.at;
  const after = to === undefined ? [] : journal.filter(({ at }) => at >= to);
  const end = journal.findLast(({ body }) => body.type === 'incident-ended')?.at;
  return {
    detectionMs: between(brokenAt, heardAt),
    reactionMs: between(heardAt, from),
    repairMs: between(from, to),
    answersMs: between(heardAt, after.find(({ body }) => answers(body))?.at),
    healthyMs: between(heardAt, after.find(({ body }) => isWell(body))?.at),
    verificationMs: between(to ?? heardAt, end),
    totalMs: (end ?? Date.now()) - brokenAt,
  };
}

/** An event of Docker's says itself when it happened: what the way here took is the agent's. A webhook counts from here. */
function firstHeard(journal: readonly JournalEntry[]): number | undefined {
  const first = journal.find(({ body }) => body.type === 'signal-heard');
  // The schema of the agent's own journal, proved elsewhere.
  const signal = first?.body['signal'] as { source: string; happenedAt?: number } | undefined;
  return signal?.source === 'runtime' ? signal.happenedAt : first?.at;
}

/** By a look for the proof, or by a step that looked. */
function isWell(body: JournalEntry['body']): boolean {
  return JSON.stringify(body).includes('"verdict":"well"');
}

function answers(body: JournalEntry['body']): boolean {
  if (isWell(body)) return true;
  // The schema of the agent's own journal, proved elsewhere. Of all steps only the one that looks answers with a verdict.
  if (body.type === 'observed') return isAnswering(body['observation'] as Observation);
  return body.type === 'action-ended' && JSON.stringify(body['result']).includes('"verdict":"starting"');
}

function between(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : to - from;
}

const COLUMNS = [
  ['detection', 'detectionMs'],
  ['reaction', 'reactionMs'],
  ['repair', 'repairMs'],
  ['answers', 'answersMs'],
  ['healthy', 'healthyMs'],
  ['verification', 'verificationMs'],
  ['in all', 'totalMs'],
] as const;

const LEGEND = `answers, healthy: from the first signal (a webhook's receipt; for 'killed', Docker's own time of the death)
until the agent first saw the service answer its probe, and until that and Docker called it healthy.
by hand: the same from the moment at which the fault is known (for 'killed', Docker's event), with 'docker restart'
and the stop timeout of the agent's strategy. Medians, where there are several turns (n; n by hand).`;

/** The times of all faults, as a table. */
export class Timetable {
  readonly #times = new Map<string, Times[]>();
  readonly #byHand = new Map<string, ByHand[]>();

  add(title: string, times: Times): void {
    this.#times.set(title, [...(this.#times.get(title) ?? []), times]);
  }

  /** What the same fault takes by hand. */
  addByHand(title: string, times: ByHand): void {
    this.#byHand.set(title, [...(this.#byHand.get(title) ?? []), times]);
  }

  text(): string {
    const head = [
      'fault',
      'n',
      ...COLUMNS.map(([name]) => name),
      'by hand: answers',
      'healthy',
      'ratio: answers',
      'healthy',
    ];
    const rows = [...this.#times].map(([title, all]) => {
      const hand = this.#byHand.get(title) ?? [];
      const by = {
        answersMs: median(hand.map(({ answersMs }) => answersMs)),
        healthyMs: median(hand.map(({ healthyMs }) => healthyMs)),
      };
      const of = (key: keyof Times) => median(all.map((times) => times[key]));
      return [
        title,
        hand.length === 0 ? `${all.length}` : `${all.length}; ${hand.length}`,
        ...COLUMNS.map(([, key]) => inSeconds(of(key))),
        inSeconds(by.answersMs),
        inSeconds(by.healthyMs),
        ratio(of('answersMs'), by.answersMs),
        ratio(of('healthyMs'), by.healthyMs),
      ];
    });
    const widths = head.map(
      (cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)) + 2,
    );
    const lines = [head, ...rows].map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('')
        .trimEnd(),
    );
    return `${lines.join('\n')}\n\n${LEGEND}`;
  }
}

/** Null where one of them is: a turn without such a part makes the others no answer for it. */
function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((one, other) => one - other);
  if (known.length === 0 || known.length < values.length) return null;
  const upper = known[Math.floor(known.length / 2)] ?? 0;
  const lower = known[Math.floor((known.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}

function ratio(ms: number | null, byHandMs: number | null): string {
  return ms === null || byHandMs === null ? '-' : (ms / byHandMs).toFixed(2);
}

function inSeconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1_000).toFixed(2)} s`;
}
