import { sayEntry } from '../core/describe.ts';
import type { Cause } from '../core/diagnosis.ts';
import type { Outcome } from '../core/outcome.ts';
import { duration, times } from '../core/words.ts';
import { type Facts, said } from './facts.ts';
import { type History, hasCauseOf } from './history.ts';
import { code, iso, prose, sentence } from './markdown.ts';

/** The title: who it was about, and how it stands. */
export function titleOf(facts: Facts): string {
  return `# ${nameOf(facts)}: ${stateOf(facts)}`;
}

function nameOf({ target, entries }: Facts): string {
  if (target !== null) return prose(target, 120);
  const isFleet = said(entries, 'escalated').some(({ body }) => body.code === 'fleet-panic');
  return isFleet ? 'The fleet as a whole' : 'An unknown target';
}

const ENDED: { readonly [outcome in Outcome]: string } = {
  recovered: 'recovered',
  'self-resolved': 'well again by itself',
  suppressed: 'left alone',
  superseded: 'goes on in another incident',
  'closed-by-person': 'closed by a person',
  expired: 'closed for its age',
};

function stateOf({ end, entries, openedAt }: Facts): string {
  if (end !== null) return `${ENDED[end.outcome]} after ${duration(Math.max(0, end.at - openedAt))}`;
  const last = entries.findLast(({ body }) =>
    ['escalated', 'approval-asked', 'quarantined', 'person-said', 'strategy-chosen'].includes(body.type),
  );
  switch (last?.body.type) {
    case 'escalated':
    case 'quarantined':
      return 'waits for a person';
    case 'approval-asked':
      return 'waits for an approval';
    case 'person-said':
      return last.body.command === 'acknowledge' ? 'a person is on it' : 'the agent is at work on it';
    default:
      return 'the agent is at work on it';
  }
}

/** What a person wants to know before anything else. */
export function summaryOf(facts: Facts, causes: readonly Cause[], history: History): readonly string[] {
  const { id, openedAt, end, lastAt } = facts;
  return [
    `- **Incident:** ${code(id, 120)}, opened \`${iso(openedAt)}\`${end === null ? `, open at \`${iso(lastAt)}\`` : `, ended \`${iso(end.at)}\``}`,
    `- **What was heard:** ${heardOf(facts)}`,
    `- **Why it failed:** ${whyOf(facts, causes)}`,
    ...whatToDo(causes),
    `- **What was done:** ${doneOf(facts)}`,
    `- **How it stands:** ${standsOf(facts)}`,
    `- **Needs a person:** ${needOf(facts, causes)}`,
    `- **Before:** ${beforeOf(facts, causes, history)}`,
    '',
  ];
}

/** The first signal, as the time line has it, and how many came beside it. */
function heardOf({ entries }: Facts): string {
  const heard = entries.filter(({ body }) => body.type === 'signal-heard');
  const opening = entries.find(({ body }) => body.type === 'incident-opened');
  const first = heard[0] ?? opening;
  const more = heard.length - 1;
  const others = more > 0 ? `; and ${more} more ${more === 1 ? 'signal' : 'signals'}` : '';
  return `${first === undefined ? 'nothing' : prose(sayEntry(first).replace(/^heard: /, ''), 300)}${others}`;
}

function whyOf({ evidence }: Facts, causes: readonly Cause[]): string {
  const [surest] = causes;
  if (surest === undefined) {
    return evidence.size === 0
      ? 'not known, and no evidence could be kept'
      : 'not known; the evidence is below';
  }
  const others = causes.length - 1;
  const more = others === 0 ? '' : `; ${others} more below`;
  return `${sentence(surest.summary, 300)} (${Math.round(surest.confidence * 100)} %)${more}`;
}

/** What the surest cause wants done; what the others want is told further down. */
function whatToDo([surest]: readonly Cause[]): readonly string[] {
  return surest === undefined || surest.remedy === '' ? [] : [`- **What to do:** ${prose(surest.remedy)}`];
}

function doneOf({ entries }: Facts): string {
  const counts = new Map<string, number>();
  for (const { body } of said(entries, 'mutation-started')) {
    const what = `${code(body.action, 60)} of ${code(body.instance, 120)}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  if (counts.size === 0) return 'nothing was touched';
  return [...counts]
    .slice(0, 5)
    .map(([what, count]) => `${what} ${times(count)}`)
    .join(', ');
}

function standsOf({ end, entries }: Facts): string {
  if (end !== null) return `${ENDED[end.outcome]}: ${prose(end.reason, 300)}`;
  const last = said(entries, 'observed').at(-1);
  return last === undefined
    ? 'not looked at yet'
    : `${last.body.health.verdict}: ${prose(last.body.health.reason, 300)}`;
}

function needOf(facts: Facts, causes: readonly Cause[]): string {
  const { end, entries } = facts;
  const call = said(entries, 'escalated').at(-1);
  if (end?.outcome === 'superseded') return 'see the other incident';
  if (end !== null && end.outcome !== 'expired') {
    const stays = causes.some(({ restartHelps, confidence }) => restartHelps === 'no' && confidence >= 0.6);
    return stays ? 'not now; but a restart does not remove its cause' : 'no';
  }
  const taken = said(entries, 'person-said').findLast(({ at }) => call === undefined || at >= call.at);
  if (call === undefined)
    return said(entries, 'approval-asked').length > 0 ? 'yes, for an approval' : 'not yet';
  const by = taken?.body.command === 'acknowledge' ? `; ${prose(taken.body.who, 100)} has it` : '';
  return `yes (${code(call.body.code, 60)}): ${prose(call.body.reason, 300)}${by}`;
}

function beforeOf({ target }: Facts, causes: readonly Cause[], { past, more }: History): string {
  if (target === null) return 'not known, since no target was found';
  if (past.length === 0) return 'the first in 30 days';
  const alike = past.filter((each) => hasCauseOf(each, causes)).length;
  return `${more ? 'more than ' : ''}${times(past.length)} in 30 days${alike === 0 ? '' : `, ${times(alike)} with the same cause`}`;
}
