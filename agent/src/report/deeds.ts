import type { Entry } from '../core/entry.ts';
import type { GuardAnswer } from '../core/guards/answer.ts';
import { duration, times } from '../core/words.ts';
import { type Facts, said } from './facts.ts';
import { code, iso, prose } from './markdown.ts';

/** Lines of each list; a normal incident has a handful. */
const LINES_MAX = 40;

/** What was planned and what became of each step. */
export function deedsOf({ entries }: Facts): readonly string[] {
  const plans = said(entries, 'strategy-chosen').map(
    ({ body }) =>
      `The plan was ${code(body.strategy, 100)} (${body.mode}): ${planOf(body.steps)}; ${prose(body.reason)}.`,
  );
  const tempered = said(entries, 'plan-tempered').map(({ body }) => {
    const by = body.from === 'rules' ? 'The rules' : 'The model';
    const without =
      body.withheld.length === 0
        ? ''
        : ` Held back: ${body.withheld.map((each) => code(each, 60)).join(', ')}.`;
    if (!body.changed)
      return `What ${by.toLowerCase()} advised would not have made it more careful, and was left: ${prose(body.reason)}.`;
    return `${by} made it more careful (${code(body.strategy, 100)}, ${body.mode}: ${planOf(body.steps)}): ${prose(body.reason)}.${without}`;
  });
  const steps = stepsOf(entries).slice(0, LINES_MAX);
  return [
    ...[...plans, ...tempered].flatMap((line) => [line, '']),
    ...(steps.length === 0 ? ['Nothing was done to it.'] : steps),
    '',
  ];
}

function planOf(steps: readonly { readonly action: string }[]): string {
  return steps.length === 0 ? 'no steps' : steps.map(({ action }) => code(action, 60)).join(' → ');
}

/** Each use of an action, with how long it took and how it ended. */
function stepsOf(entries: readonly Entry[]): readonly string[] {
  const lines: string[] = [];
  let begun: { readonly at: number; readonly what: string; readonly mutates: boolean } | null = null;
  const close = (at: number, how: string, reason: string): void => {
    if (begun === null) return;
    const mark = begun.mutates ? '**acted:** ' : '';
    lines.push(
      `- \`${iso(begun.at)}\` ${mark}${begun.what} ${how} after ${duration(Math.max(0, at - begun.at))}: ${prose(reason)}`,
    );
    begun = null;
  };
  for (const { at, body } of entries) {
    switch (body.type) {
      case 'step-started':
        begun = { at, what: code(body.action, 60), mutates: false };
        break;
      case 'mutation-started':
        begun = { at, what: `${code(body.action, 60)} of ${code(body.instance, 120)}`, mutates: true };
        break;
      case 'action-ended':
        close(
          at,
          body.result.outcome === 'unknown' ? 'ended without an answer' : body.result.outcome,
          body.result.reason,
        );
        break;
      case 'mutation-confirmed':
        lines.push(
          `- \`${iso(at)}\` What was done to ${code(body.instance, 120)} ${
            body.verdict === 'happened' ? 'did happen' : 'did not happen'
          }: ${prose(body.reason)}`,
        );
        break;
      case 'step-ended':
        close(at, body.outcome, body.reason);
        if (body.outcome === 'skipped')
          lines.push(`- \`${iso(at)}\` step ${body.index + 1} skipped: ${prose(body.reason)}`);
        break;
      default:
        break;
    }
  }
  return lines;
}

/** What the agent would not do, or not yet, and why; empty where nothing stood in its way. */
export function refusalsOf({ entries }: Facts): readonly string[] {
  const lines = [
    ...said(entries, 'protective-action').map(
      ({ at, body }) =>
        `- \`${iso(at)}\` **refused** (${body.layer}, ${code(body.code, 60)}): ${prose(body.reason)}`,
    ),
    ...objectionsOf(entries),
    ...said(entries, 'person-said')
      .filter(({ body }) => body.command === 'deny')
      .map(({ at, body }) => `- \`${iso(at)}\` **denied** by ${prose(`${body.who}: ${body.reason}`)}`),
    ...said(entries, 'signal-ignored').map(
      ({ at, body }) => `- \`${iso(at)}\` **not acted on** (${code(body.code, 60)}): ${prose(body.reason)}`,
    ),
    ...said(entries, 'breaker-opened').map(
      ({ at, body }) =>
        `- \`${iso(at)}\` **breaker opened**: nothing is done to ${code(body.target, 120)} until \`${iso(body.until)}\`; ${prose(body.reason)}`,
    ),
    ...said(entries, 'quarantined').map(
      ({ at, body }) => `- \`${iso(at)}\` **set aside**: the decision failed with ${prose(body.error)}`,
    ),
  ];
  return lines.length === 0 ? ['Nothing stood in its way.', ''] : [...lines.slice(0, LINES_MAX), ''];
}

const OBJECTIONS: { readonly [verdict in GuardAnswer['verdict']]: string } = {
  allow: 'allowed',
  delay: 'put off',
  approval: 'a person asked first',
  refuse: 'refused',
};

/** What the guards said against a step; what they said again and again is told once. */
function objectionsOf(entries: readonly Entry[]): readonly string[] {
  const found = new Map<string, { readonly first: number; readonly said: string; count: number }>();
  for (const { at, body } of said(entries, 'guards-answered')) {
    for (const answer of body.answers) {
      if (answer.verdict === 'allow') continue;
      const key = `${body.index} ${answer.guard} ${answer.verdict}`;
      const before = found.get(key);
      if (before !== undefined) before.count += 1;
      else {
        const sentence = `**${OBJECTIONS[answer.verdict]}** by the guard ${code(answer.guard, 60)}, before step ${body.index + 1}: ${prose(answer.reason)}`;
        found.set(key, { first: at, said: sentence, count: 1 });
      }
    }
  }
  return [...found.values()].map(
    ({ first, said: sentence, count }) =>
      `- \`${iso(first)}\` ${sentence}${count === 1 ? '' : ` (${times(count)})`}`,
  );
}

/** How it was proved well, or why it was not. */
export function proofOf(facts: Facts): readonly string[] {
  const asked = facts.entries.flatMap(({ at, body }) => {
    if (body.type === 'verification-started') return [`- \`${iso(at)}\` proof wanted: ${prose(body.reason)}`];
    if (body.type !== 'verification-ended') return [];
    return [`- \`${iso(at)}\` **${body.verified ? 'proved' : 'not proved'}**: ${prose(body.reason)}`];
  });
  const last = said(facts.entries, 'observed').at(-1);
  return [
    ...asked.slice(0, LINES_MAX),
    ...(last === undefined
      ? ['It was not looked at.']
      : [
          '',
          `Last seen ${last.body.health.verdict}, at \`${iso(last.at)}\`: ${prose(last.body.health.reason)}.`,
        ]),
    '',
  ];
}

/** Who was called, whether the call arrived, and what people said. */
export function peopleOf({ entries }: Facts): readonly string[] {
  const lines: string[] = [];
  const failed = new Map<string, number>();
  for (const { at, body } of entries) {
    const when = `- \`${iso(at)}\``;
    switch (body.type) {
      case 'escalated':
        lines.push(
          `${when} **called** (${code(body.code, 60)}) ${overOf(body.channels)}: ${prose(body.reason)}`,
        );
        break;
      case 'approval-asked':
        lines.push(`${when} **asked for approval** ${overOf(body.channels)}: ${prose(body.reason)}`);
        break;
      case 'notified': {
        const what = `${body.withdrawal ? 'the end of call' : 'call'} ${body.escalation} over ${code(body.channel, 100)}`;
        const tries = failed.get(what) ?? 0;
        if (!body.delivered) failed.set(what, tries + 1);
        if (body.delivered)
          lines.push(`${when} delivered: ${what}${tries === 0 ? '' : `, after ${times(tries)} in vain`}`);
        else if (tries === 0)
          lines.push(`${when} **not delivered**, tried again: ${what}; ${prose(body.reason)}`);
        break;
      }
      case 'person-said':
        lines.push(
          `${when} ${prose(`${body.who}: ${body.command}${body.reason === '' ? '' : `, “${body.reason}”`}`)}`,
        );
        break;
      default:
        break;
    }
  }
  return lines.length === 0 ? ['Nobody was called.', ''] : [...lines.slice(0, LINES_MAX), ''];
}

function overOf(channels: readonly string[]): string {
  return channels.length === 0
    ? 'over no channel'
    : `over ${channels.map((each) => code(each, 100)).join(', ')}`;
}
