import type { Control } from './control.ts';
import type { Cause } from './diagnosis.ts';
import type { BodyOf, Draft, EntryBody } from './entry.ts';
import type { GuardAnswer } from './guards/answer.ts';
import { printable } from './printable.ts';
import { saySignal } from './saySignal.ts';
import { duration } from './words.ts';

/**
 * One entry of the journal as the sentence that a person reads, in the log, in `mpa incidents show` and in
 * reports: who it is about, and what happened. Safe to print: nothing from outside can steer a terminal.
 */
export function describeEntry(entry: Draft): string {
  return printable(`${entry.target ?? 'agent'}: ${sentenceOf(entry.body, entry.at)}`);
}

/** The same without who it is about, for where that is said already. */
export function sayEntry({ body, at }: Draft): string {
  return printable(sentenceOf(body, at));
}

/** Causes that one sentence tells. */
const CAUSES_SAID_MAX = 3;

function sentenceOf(body: EntryBody, at: number): string {
  const within = (until: number): string => `at most ${duration(until - at)}`;
  switch (body.type) {
    case 'agent-started':
      return `started, version ${body.version}; it considers itself ${body.self}`;
    case 'agent-stopped':
      return `stopped: ${body.reason}`;
    case 'clock-jumped':
      return `the wall clock jumped ${body.byMs < 0 ? 'back' : 'forward'} by ${duration(Math.abs(body.byMs))}`;
    case 'journal-recovered':
      return `the journal can be written again after ${duration(body.afterMs)}: ${body.reason}`;
    case 'signal-heard':
      return `heard: ${saySignal(body.signal)}${body.trusted ? '' : ' (old news: confirmed by a look first)'}`;
    case 'signal-repeated':
      return `heard again: alert ${body.fingerprint} of the same episode`;
    case 'signal-ignored':
      return `heard and left alone: ${saySignal(body.signal)}; ${body.reason}`;
    case 'alerts-truncated':
      return `${count(body.count, 'alert')} were left out of a message to ${body.receiver}; ${
        body.readBack ? 'read from Alertmanager instead' : 'they could not be read from Alertmanager'
      }`;
    case 'incident-opened':
      return `incident ${body.id} opened: ${body.reason}`;
    case 'resumed':
      return 'the agent was restarted and goes on with this incident';
    case 'protective-action':
      return `refused, to protect the agent and what it stands on (${body.layer}, ${body.code}): ${body.reason}`;
    case 'evidence-gathered':
      return sayEvidence(body.items, body.missing);
    case 'strategy-chosen':
      return `strategy ${body.strategy} chosen (${body.mode}): ${sayPlan(body.steps)}; ${body.reason}`;
    case 'diagnosed':
      return sayDiagnosis(body.diagnosis.causes);
    case 'plan-tempered':
      return sayTempered(body);
    case 'analysis-started':
      return `the analyst is asked, ${within(body.by)}${body.waits ? '; the first step waits for it' : ''}`;
    case 'analysis-ended':
      return sayAnalysis(body);
    case 'step-started':
      return `step ${body.index + 1}, ${body.action}, began; it may take ${within(body.until)}`;
    case 'look-started':
      return `looking at it before step ${body.index + 1}: ${body.reason}`;
    case 'guards-answered':
      return `guards before step ${body.index + 1}: ${sayGuards(body.answers)}`;
    case 'step-held':
      return `step ${body.index + 1} waits, ${within(body.until)}: ${body.reason}`;
    case 'approval-asked':
      return `step ${body.index + 1} waits for a person's approval, ${within(body.until)}: ${body.reason}`;
    case 'mutation-started':
      return `${body.action} of ${body.instance} issued${body.counts ? '' : ' (same place in the budget)'}${sayRemaining(body.remaining)}`;
    case 'mutation-confirmed':
      return body.verdict === 'happened'
        ? `what was done to ${body.instance} did happen: ${body.reason}`
        : `what was to be done to ${body.instance} did not happen: ${body.reason}`;
    case 'settling':
      return `waiting until ${body.instance} is in order, ${within(body.until)}${sayRemaining(body.remaining)}`;
    case 'action-ended':
      return `step ${body.index + 1}${body.instance === null ? '' : ` on ${body.instance}`} ${sayResult(body.result.outcome)}: ${body.result.reason}`;
    case 'step-ended':
      return `step ${body.index + 1} ${body.outcome}: ${body.reason}`;
    case 'observed':
      return `seen ${body.health.verdict}: ${body.health.reason}`;
    case 'verification-started':
      return `proof wanted, in ${within(body.until)}: ${body.reason}`;
    case 'verification-ended':
      return body.verified ? `proved: ${body.reason}` : `not proved: ${body.reason}`;
    case 'soak-restarted':
      return `the proof begins anew: ${body.reason}`;
    case 'escalated':
      return body.channels.length === 0
        ? `handed to a person (${body.code}), whom no channel calls: ${body.reason}`
        : `a person is called (${body.code}) over ${body.channels.join(', ')}: ${body.reason}`;
    case 'notified':
      return sayNotified(body);
    case 'person-said':
      return `${body.who} said ${body.command}${body.reason === '' ? '' : `: ${body.reason}`}`;
    case 'incident-ended':
      return `${body.outcome}: ${body.reason}`;
    case 'breaker-opened':
      return `the breaker opened: nothing more is done to it for ${duration(body.until - at)}; ${body.reason}`;
    case 'instance-stopped':
      return `${body.instance} was ${body.by === 'stop' ? 'stopped' : 'paused'} by a person or a tool; it stays so until it is started again`;
    case 'instance-started':
      return `${body.instance} was started again by ${body.ownAt === undefined ? 'a person or a tool' : "the agent's own call"}`;
    case 'instance-removed':
      return `${body.instance}, which a person had stopped, was removed`;
    case 'seen-well':
      return `seen well as ${body.instances.map(({ name, revision }) => `${name} (${revision})`).join(', ')}`;
    case 'control-set':
      return `${body.who} said: ${sayControl(body.control, at)}${body.reason === '' ? '' : ` (${body.reason})`}`;
    case 'quarantined':
      return `set aside: the decision failed with ${body.error}`;
    default:
      return `something that a newer version of the agent wrote, and this one does not know (${typeOf(body satisfies never)})`;
  }
}

function typeOf({ type }: EntryBody): string {
  return type;
}

function sayControl(control: Control, at: number): string {
  switch (control.kind) {
    case 'maintenance-start':
      return `maintenance ${control.id} of ${control.target ?? 'everything'} for ${duration(control.until - at)}`;
    case 'maintenance-end':
      return `maintenance ${control.id} is over`;
    case 'breaker-reset':
      return `the breaker of ${control.target} is closed, with a new budget`;
    case 'mode':
      return `mode of ${control.target ?? 'everything'} is ${control.mode ?? 'as configured again'}`;
    default:
      return control satisfies never;
  }
}

type Evidence = BodyOf<'evidence-gathered'>;

function sayEvidence(items: Evidence['items'], missing: Evidence['missing']): string {
  const kinds = [...new Set(items.map(({ kind }) => kind))].join(', ');
  const kept = items.length === 0 ? 'no evidence could be kept' : `evidence kept: ${kinds}`;
  return missing.length === 0 ? kept : `${kept}; missing: ${missing.join(', ')}`;
}

function sayDiagnosis(causes: readonly Cause[]): string {
  if (causes.length === 0) return 'no known cause in the evidence';
  const said = causes.slice(0, CAUSES_SAID_MAX).map(sayCause);
  return `likely cause: ${said.join('; or ')}`;
}

/** A cause as it is told to people: what it is, how sure, and on which lines it rests. */
function sayCause({ summary, confidence, restartHelps, citations }: Cause): string {
  const rests = citations.length === 0 ? '' : `, ${citations.slice(0, 3).join(', ')}`;
  const helps = restartHelps === 'no' ? '; a restart cannot help' : '';
  return `${summary} (${Math.round(confidence * 100)} %${rests}${helps})`;
}

function sayAnalysis({ analysis, code, reason, usage }: BodyOf<'analysis-ended'>): string {
  const tokens = usage.inputTokens + usage.outputTokens;
  const cost = tokens === 0 ? '' : `; ${count(tokens, 'token')}, ${usage.costUsd.toFixed(4)} USD`;
  return analysis === null
    ? `no analysis (${code}), so the rules decide alone: ${reason}${cost}`
    : `${analysis.model} ${code === 'remembered' ? 'had said' : 'says'}: ${sayDiagnosis(analysis.causes)}; it advises: ${analysis.advice.reason}${cost}`;
}

function sayTempered(body: BodyOf<'plan-tempered'>): string {
  const { from, changed, strategy, mode, steps, reason } = body;
  const who = from === 'rules' ? 'the rules' : 'the analyst';
  return changed
    ? `${who} made the plan more careful (${strategy}, ${mode}: ${sayPlan(steps)}): ${reason}`
    : `what ${who} advised would not make the plan more careful, and it stays as it is: ${reason}`;
}

function sayPlan(steps: BodyOf<'strategy-chosen'>['steps']): string {
  return steps.length === 0 ? 'no steps' : steps.map(({ action }) => action).join(', then ');
}

/** Those that object, else that nobody does: the whole list is in the journal. */
function sayGuards(answers: readonly GuardAnswer[]): string {
  const objections = answers.filter(({ verdict }) => verdict !== 'allow');
  if (objections.length === 0) return `all ${answers.length} allow it`;
  return objections.map(({ guard, verdict, reason }) => `${guard} says ${verdict} (${reason})`).join('; ');
}

function sayResult(outcome: 'succeeded' | 'failed' | 'unknown'): string {
  return outcome === 'unknown' ? 'ended without an answer' : outcome;
}

function sayRemaining(remaining: readonly string[]): string {
  return remaining.length === 0 ? '' : `; then ${remaining.join(', ')}`;
}

function sayNotified(body: BodyOf<'notified'>): string {
  const what = body.withdrawal ? 'the end of the escalation' : 'the escalation';
  return body.delivered
    ? `${what} was delivered over ${body.channel}`
    : `${what} could not be delivered over ${body.channel}, and is tried again: ${body.reason}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
