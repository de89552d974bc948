import type { Cause } from '../core/diagnosis.ts';
import type { EscalationCode } from '../core/escalationCode.ts';
import { duration, times } from '../core/words.ts';
import { type Facts, said } from './facts.ts';
import { type History, hasCauseOf, recoveredBefore } from './history.ts';
import { code, prose, sentence } from './markdown.ts';

const DAY_MS = 86_400_000;
/** From so many repairs on, this one counted, it is said that a repair does not last. */
const REPAIRS_A_DAY = 3;
/** An alert that was old by then when it was heard. */
const LATE_MS = 120_000;
const LINES_MAX = 20;

type Known = { readonly facts: Facts; readonly causes: readonly Cause[]; readonly history: History };

/** One thing that the course of an incident shows to be worth a change; null where it does not. */
type Rule = (known: Known) => string | null;

/** What to change so that it does not come back: against its causes first, then what its course shows. */
export function preventionOf(known: Known): readonly string[] {
  const remedies = new Map(
    known.causes
      .filter(({ remedy, confidence }) => remedy !== '' && confidence >= 0.5)
      .map(({ remedy, summary }) => [remedy, `- Against “${sentence(summary, 160)}”: ${prose(remedy)}`]),
  );
  const shown = RULES.map((rule) => rule(known)).filter((line) => line !== null);
  const lines = [...remedies.values(), ...shown.map((line) => `- ${line}`)].slice(0, LINES_MAX);
  return lines.length === 0 ? ['Its course shows nothing that should be changed.', ''] : [...lines, ''];
}

const cameAgain: Rule = ({ causes, history }) => {
  const alike = history.past.filter((each) => hasCauseOf(each, causes)).length;
  return alike === 0
    ? null
    : `The same cause was there ${times(alike)} before, in 30 days: until it is removed, this comes back.`;
};

const repairDoesNotLast: Rule = ({ facts, history }) => {
  const refused = guardCodes(facts).has('flapping');
  const repairs =
    recoveredBefore(history, facts.openedAt - DAY_MS) +
    (facts.end?.outcome === 'recovered' && said(facts.entries, 'escalated').length === 0 ? 1 : 0);
  if (!refused && repairs < REPAIRS_A_DAY) return null;
  return `It was repaired ${times(repairs)} within a day, and does not stay well: a restart hides the cause here and does not remove it.`;
};

const budgetSpent: Rule = ({ facts }) =>
  guardCodes(facts).has('budget-spent') || guardCodes(facts).has('breaker-open')
    ? `The budget of ${code(facts.name, 120)} is spent: repairs followed one another and did not help. Find the cause before the breaker is closed by hand (\`mpa breaker reset\`); a larger budget only means more restarts.`
    : null;

const restartDidNotHelp: Rule = ({ facts: { entries } }) => {
  const mutations = said(entries, 'mutation-started').length;
  // An incident that was given up can be over as well: by a person, or by itself.
  const last = said(entries, 'verification-ended').at(-1);
  if (mutations === 0 || last === undefined || last.body.verified) return null;
  return 'What was done did not help. If it is the same every time, let the strategy call a person at once: it saves that time, and the evidence.';
};

const memoryLimit: Rule = ({ facts: { entries } }) => {
  const event = said(entries, 'signal-heard').some(
    ({ body }) => body.signal.source === 'runtime' && body.signal.event === 'oom',
  );
  const seen = observations(entries).some(({ instances }) => instances.some(({ oomKilled }) => oomKilled));
  return event || seen
    ? 'It was killed for memory: compare its memory limit with what it uses under load, and look for a leak. A restart frees memory, and it fills again.'
    : null;
};

const noHealthCheck: Rule = ({ facts }) => {
  const looks = observations(facts.entries);
  const last = looks.findLast(({ instances }) => instances.some(({ status }) => status === 'running'));
  if (last === undefined || last.probes > 0) return null;
  const blind = last.instances.every(({ health }) => health === 'none');
  return blind
    ? `${code(facts.name, 120)} has neither a health check nor a probe: that it runs is all that could be proved. Give it one (\`probes\`), so that “well” means that it serves.`
    : null;
};

const heardLate: Rule = ({ facts: { entries } }) => {
  const [first] = said(entries, 'signal-heard');
  if (first === undefined || first.body.signal.source !== 'alertmanager') return null;
  const lateMs = first.at - first.body.signal.alert.startsAt;
  return lateMs > LATE_MS
    ? `Its alert was heard ${duration(lateMs)} after it began: look at Alertmanager’s \`group_wait\` and \`group_interval\`, and at what delayed the message.`
    : null;
};

const BY_CODE: { readonly [code in EscalationCode]?: string } = {
  'no-target':
    'No target was found: name it in the alert’s labels (`mpa_target` is final), or add a label to `label_mappings`.',
  'ambiguous-target': 'Several targets answer to its labels: let the alert name one (`mpa_target`).',
  'no-strategy': 'No strategy is for it: write one, also if all that it does is call a person at once.',
  placeholder:
    'A placeholder of the strategy could not be filled: add the label to the alert’s rule, or take it out of the strategy.',
  'approval-expired':
    'Nobody approved in time: allow more time, call somebody who is there, or let the agent act by itself at night.',
  'target-not-seen':
    'The runtime could not be asked: look at its endpoint (`mpa health`), the socket proxy and the host.',
  deadline: 'It took longer than an incident may: look for the step that waited, in the time line.',
  'decision-failed':
    'A decision of the agent failed: that is a defect of the agent; report it with this page.',
  'protected-target':
    'It is protected: watch it by something that stands outside of the agent, with a restart policy of its own.',
  'fleet-panic':
    'Much of the fleet failed at once: look at what it shares (host, network, storage, the monitoring itself).',
};

const byEscalation: Rule = ({ facts: { entries } }) => {
  const codes = said(entries, 'escalated').map(({ body }) => body.code);
  const lines = [...new Set(codes)].flatMap((each) => BY_CODE[each] ?? []);
  return lines.length === 0 ? null : lines.join(' ');
};

const notDelivered: Rule = ({ facts: { entries } }) => {
  const failed = said(entries, 'notified').filter(({ body }) => !body.delivered);
  const channels = [...new Set(failed.map(({ body }) => body.channel))].slice(0, 5);
  return channels.length === 0
    ? null
    : `A call over ${channels.map((each) => code(each, 100)).join(', ')} could not be delivered at once: a second channel would have been heard.`;
};

const wentByItself: Rule = ({ facts: { end, entries } }) => {
  const byAlert = said(entries, 'signal-heard').some(({ body }) => body.signal.source === 'alertmanager');
  const untouched = said(entries, 'mutation-started').length === 0;
  return end?.outcome === 'self-resolved' && byAlert && untouched
    ? 'It got well before anything was done. If that is usual, a longer `for` in the alert’s rule keeps it quiet.'
    : null;
};

const evidenceMissing: Rule = ({ facts: { entries } }) => {
  const missing = said(entries, 'evidence-gathered').flatMap(({ body }) => body.missing);
  return missing.some((each) => each.startsWith('logs'))
    ? 'Its logs could not be read when it failed: keep them outside of the container (`loki`), since a restart takes them away.'
    : null;
};

const noModel: Rule = ({ facts: { entries } }) => {
  const last = said(entries, 'analysis-ended').at(-1)?.body;
  if (last === undefined || last.analysis !== null) return null;
  return last.code === 'budget-spent'
    ? 'The model’s budget was spent: raise it, or let fewer strategies ask.'
    : null;
};

const RULES: readonly Rule[] = [
  cameAgain,
  repairDoesNotLast,
  budgetSpent,
  restartDidNotHelp,
  memoryLimit,
  byEscalation,
  noHealthCheck,
  heardLate,
  wentByItself,
  notDelivered,
  evidenceMissing,
  noModel,
];

function guardCodes({ entries }: Facts): ReadonlySet<string> {
  const answers = said(entries, 'guards-answered').flatMap(({ body }) => body.answers);
  return new Set(answers.flatMap((answer) => (answer.verdict === 'refuse' ? [answer.code] : [])));
}

function observations(entries: Facts['entries']) {
  return said(entries, 'observed').flatMap(({ body: { observation } }) =>
    observation.runtime.ok
      ? [{ instances: observation.runtime.instances, probes: observation.probes.length }]
      : [],
  );
}
