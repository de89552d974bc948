import { printable } from '../core/printable.ts';
import type { EscalationMessage } from '../ports.ts';

/** An escalation is read by a person on a small screen; the link leads to the rest. Characters and pieces. */
const TEXT_MAX = 500;
const ATTEMPTS_MAX = 30;
const ALERTS_MAX = 20;
const LABELS_MAX = 40;
const CAUSES_MAX = 5;
const CITATIONS_MAX = 5;

/** At most `max` characters, cut with a mark, and never through the middle of one. */
export function brief(text: string, max: number = TEXT_MAX): string {
  const cut = text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
  return cut.toWellFormed();
}

/** Text from outside as a person may be shown it: one line, nothing hidden in it, at most `max` characters. */
export function plain(text: string, max: number = TEXT_MAX): string {
  return brief(printable(text, max), max);
}

/**
 * A line for receivers that make links, mentions and pictures of what they are sent (chats do): without the characters
 * that these begin with. Nobody is called to a page, or everybody called, by what a log line says.
 */
export function inert(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('@', '＠').replaceAll('](', '] (');
}

/** The same escalation within the limits of what is sent to people: the last attempts, the first alerts. */
export function bounded(message: EscalationMessage): EscalationMessage {
  return {
    ...message,
    target: message.target === null ? null : plain(message.target, 200),
    reason: plain(message.reason),
    causes: message.causes.slice(0, CAUSES_MAX).map((cause) => ({
      ...cause,
      id: plain(cause.id, 200),
      summary: plain(cause.summary),
      remedy: plain(cause.remedy),
      citations: cause.citations.slice(0, CITATIONS_MAX).map((citation) => plain(citation, 40)),
    })),
    strategy: message.strategy === null ? null : plain(message.strategy, 200),
    attempts: message.attempts.slice(-ATTEMPTS_MAX).map((attempt) => ({
      ...attempt,
      instance: attempt.instance === null ? null : plain(attempt.instance, 200),
      reason: plain(attempt.reason),
    })),
    alerts: message.alerts.slice(0, ALERTS_MAX).map(({ name, labels }) => ({
      name: plain(name, 200),
      labels: Object.fromEntries(
        Object.entries(labels)
          .slice(0, LABELS_MAX)
          .map(([label, value]) => [plain(label, 200), plain(value, 200)]),
      ),
    })),
  };
}

/** One line: who is in trouble, and why a person is called. */
export function headline(message: EscalationMessage): string {
  return `${whoNeeds(message)} needs a person: ${message.reason}`;
}

/** Who it is about: what has no target is the fleet as a whole, or something that the agent does not know. */
export function whoNeeds({ target, code }: Pick<EscalationMessage, 'target' | 'code'>): string {
  return target ?? (code === 'fleet-panic' ? 'The fleet as a whole' : 'An unknown target');
}

/** The likely causes, one line each, the surest first, with their places in the evidence; empty where none is known. */
export function whatIsLikely({ causes }: EscalationMessage): string {
  if (causes.length === 0) return '';
  const lines = causes.map(({ summary, confidence, restartHelps, citations, remedy }) => {
    const rests = citations.length === 0 ? '' : `, see ${citations.join(', ')}`;
    const helps = restartHelps === 'no' ? '; a restart cannot help' : '';
    return `- ${summary.replace(/\.$/, '')} (${Math.round(confidence * 100)} %${rests}${helps})${remedy === '' ? '' : `: ${remedy}`}`;
  });
  return ['Likely causes:', ...lines].join('\n');
}

/** What was tried, one line each, in the order it was. */
export function whatWasTried({ attempts, strategy }: EscalationMessage): string {
  if (attempts.length === 0) return 'Nothing was tried.';
  const by = strategy === null ? '' : ` by the strategy ${strategy}`;
  const lines = attempts.map(({ action, instance, startedAt, outcome, reason }) => {
    const where = instance === null ? '' : ` of ${instance}`;
    const why = reason === '' ? '' : `: ${reason}`;
    return `- ${new Date(startedAt).toISOString()} ${action}${where} ${outcome}${why}`;
  });
  return [`What was tried${by}:`, ...lines].join('\n');
}
