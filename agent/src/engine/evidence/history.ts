import type { Entry, EntryBody } from '../../core/entry.ts';
import type { EvidencePiece } from '../../core/evidence.ts';
import type { Incident } from '../../core/incident.ts';
import { printable } from '../../core/printable.ts';
import { duration } from '../../core/words.ts';
import type { IncidentSummary, Journal } from '../../ports.ts';
import { type WellState, wellStateOf } from './wellStates.ts';

/** Incidents that are told of. */
const INCIDENTS_MAX = 5;
/** Entries read of each. */
const ENTRIES_MAX = 500;
const CAUSES_MAX = 2;

/** What is read of an earlier incident: small entries all; its evidence can be a mebibyte. */
const TYPES: readonly EntryBody['type'][] = [
  'strategy-chosen',
  'mutation-started',
  'step-ended',
  'verification-ended',
  'diagnosed',
  'observed',
];

/** What the journal tells of a target before this incident. */
export type History = {
  /** `null`: it is the first. */
  readonly piece: EvidencePiece | null;
  /** As what the target was seen well when its last incident was over; `null`: the journal does not tell. */
  readonly wellState: WellState | null;
};

/** Reads the target's last incidents: what was done, what worked, and what it was like when it was well again. */
export async function readHistory(
  journal: Pick<Journal, 'incidents' | 'entriesOf'>,
  { id, target, openedAt }: Pick<Incident, 'id' | 'target' | 'openedAt'>,
): Promise<History> {
  if (target === null) return { piece: null, wellState: null };
  const found = await journal.incidents({ target, before: openedAt + 1, limit: INCIDENTS_MAX + 2 });
  const others = found.filter((summary) => summary.id !== id && summary.target === target);
  const told: string[] = [];
  let wellState: WellState | null = null;
  for (const summary of others.slice(0, INCIDENTS_MAX)) {
    const entries = await journal.entriesOf(summary.id, ENTRIES_MAX, TYPES);
    told.push(sayIncident(summary, entries));
    wellState ??= lastWellState(entries);
  }
  const text = told.map((line) => printable(line)).join('\n');
  const piece =
    told.length === 0
      ? null
      : ({ kind: 'history', instance: '', text, truncated: others.length > INCIDENTS_MAX } as const);
  return { piece, wellState };
}

function lastWellState(entries: readonly Entry[]): WellState | null {
  for (const { body } of entries.toReversed()) {
    const state =
      body.type === 'observed' && body.health.verdict === 'well' ? wellStateOf(body.observation) : null;
    if (state !== null) return state;
  }
  return null;
}

function sayIncident(summary: IncidentSummary, entries: readonly Entry[]): string {
  const { id, openedAt, endedAt, outcome, escalated, reason } = summary;
  const took = endedAt === null ? '' : ` after ${duration(Math.max(0, endedAt - openedAt))}`;
  const state = outcome === null ? 'still open' : `${outcome}${took}`;
  const called = escalated ? ', a person was called' : '';
  const facts = [`why: ${reason}`, ...sayDeeds(entries), ...sayCauses(entries)];
  return `${new Date(openedAt).toISOString()} ${id}: ${state}${called}; ${facts.join('; ')}`;
}

/** Strategy and steps, in the order in which they were done; whether what was done was proved stands behind it. */
function sayDeeds(entries: readonly Entry[]): readonly string[] {
  const deeds: string[] = [];
  let steps: readonly { readonly action: string }[] = [];
  let strategy = '';
  for (const { body } of entries) {
    if (body.type === 'strategy-chosen') {
      steps = body.steps;
      strategy = body.strategy;
    }
    if (body.type === 'mutation-started') deeds.push(`${body.action} of ${body.instance}`);
    if (body.type === 'step-ended')
      deeds.push(`${steps[body.index]?.action ?? `step ${body.index + 1}`} ${body.outcome}`);
    if (body.type === 'verification-ended') deeds.push(body.verified ? 'proved well' : 'not proved well');
  }
  return [
    ...(strategy === '' ? [] : [`strategy ${strategy}`]),
    deeds.length === 0 ? 'nothing was done' : `done: ${deeds.join(', ')}`,
  ];
}

function sayCauses(entries: readonly Entry[]): readonly string[] {
  const last = entries.findLast(({ body }) => body.type === 'diagnosed')?.body;
  if (last?.type !== 'diagnosed') return [];
  return last.diagnosis.causes.slice(0, CAUSES_MAX).map(({ id, summary }) => `cause: ${summary} (${id})`);
}
