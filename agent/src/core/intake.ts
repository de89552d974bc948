import { type Alert, labelOf } from './alert.ts';
import type { Context } from './context.ts';
import type { IgnoredCode } from './entry/decided.ts';
import type { EscalationCode } from './escalationCode.ts';
import { EXPLICIT_TARGET_LABEL, findTarget } from './findTarget.ts';
import { modeOfTarget } from './guards/mode.ts';
import { printable } from './printable.ts';
import { saySignal } from './saySignal.ts';
import type { Signal } from './signal.ts';
import type { Target } from './target.ts';

/** Where a signal belongs, and why. */
export type Placement =
  /** Nothing to do; journaled with the reason where a sender was promised that it is kept. */
  | {
      readonly kind: 'ignore';
      readonly code: IgnoredCode;
      readonly reason: string;
    }
  | { readonly kind: 'join'; readonly incident: string; readonly trusted: boolean }
  | {
      readonly kind: 'open';
      readonly place: string;
      readonly target: Target | null;
      readonly trusted: boolean;
      readonly reason: string;
      /** Why it goes straight to a person, or null. */
      readonly trouble: { readonly code: EscalationCode; readonly reason: string } | null;
    }
  /** Its incident had no target, and now it has: the signal goes to the target’s own incident, and the other is over. */
  | {
      readonly kind: 'move';
      readonly from: string;
      readonly to: Exclude<Placement, { kind: 'move' | 'ignore' }>;
    };

/** After an incident that ended because a person stopped the target, further signals start nothing for this long, milliseconds. */
const HELD_QUIET_MS = 1_800_000;

/** Longest reason of an incident, in UTF-16 units: what was heard is kept whole beside it. */
const REASON_MAX = 200;

type AlertSignal = Extract<Signal, { source: 'alertmanager' }>;

/** Names of alerts that speak of the agent, whatever labels they carry. */
const AGENT_ALERT = /^MarketProgrammerAgent/;

/** Finds where a signal belongs. Pure; it opens and joins nothing itself. */
export function placeSignal(signal: Signal, context: Context): Placement {
  if (signal.source === 'alertmanager') return placeAlert(signal, context);
  const target = context.targets.find(({ name }) => name === signal.target) ?? null;
  const open = context.fleet.openIncidentOf(signal.target);
  if (open !== null) return { kind: 'join', incident: open, trusted: true };
  if (signal.source === 'probe' && signal.state === 'passing') {
    return { kind: 'ignore', code: 'resolved-unknown', reason: 'it passes, and no incident is open' };
  }
  if (target === null) {
    const reason = `no target is called ${signal.target}`;
    return openWithout(`unknown ${signal.target}`, reason, true, { code: 'no-target', reason }, context);
  }
  // It names the instance, and none that is held; and what a person wants is answered in an incident, not dropped.
  const outspoken = signal.source === 'runtime' || signal.source === 'person';
  return openFor(target, signal, true, context, outspoken);
}

function placeAlert(signal: AlertSignal, context: Context): Placement {
  const { fleet, settings, now } = context;
  const { alert } = signal;
  if (alert.labels['alertname'] === settings.escalationAlertName) {
    return {
      kind: 'ignore',
      code: 'own-escalation',
      reason: 'the agent’s own escalation came back to it; it starts nothing',
    };
  }
  const episode = fleet.episodeOf(alert.fingerprint);
  const trusted = isTrusted(alert, episode?.endedAt ?? 0, settings.guards.staleness.maxAgeMs, now);
  if (episode?.incident != null) {
    return (
      moved(signal, episode.incident, trusted, context) ?? {
        kind: 'join',
        incident: episode.incident,
        trusted,
      }
    );
  }
  if (alert.status === 'resolved') {
    return { kind: 'ignore', code: 'resolved-unknown', reason: 'it resolves an episode that is not open' };
  }

  const own = namesTheAgent(alert, context);
  if (own !== null) {
    const trouble = { code: 'protected-target', reason: own } as const;
    return openWithout(
      `the agent itself`,
      `${own}; the agent never acts on itself`,
      trusted,
      trouble,
      context,
    );
  }
  const match = findTarget(alert.labels, settings.labelMappings, context.targets);
  if (match.kind !== 'found') {
    const blind =
      context.discoveryTrouble === null
        ? ''
        : `; targets cannot be discovered now: ${context.discoveryTrouble}`;
    const reason = `${match.reason}${blind}`;
    const code = match.kind === 'none' ? 'no-target' : 'ambiguous-target';
    return openWithout(`no target: ${match.reason}`, reason, trusted, { code, reason }, context);
  }
  const open = fleet.openIncidentOf(match.target.name);
  if (open !== null) return { kind: 'join', incident: open, trusted };
  return openFor(match.target, signal, trusted, context);
}

/** A container may be found only after its alert was heard: then the alert no longer waits for a person alone. */
function moved(signal: AlertSignal, from: string, trusted: boolean, context: Context): Placement | null {
  const { alert } = signal;
  if (
    alert.status === 'resolved' ||
    !context.fleet.isUnplaced(from) ||
    namesTheAgent(alert, context) !== null
  )
    return null;
  const match = findTarget(alert.labels, context.settings.labelMappings, context.targets);
  if (match.kind !== 'found') return null;
  const open = context.fleet.openIncidentOf(match.target.name);
  const to =
    open === null
      ? openFor(match.target, signal, trusted, context)
      : ({ kind: 'join', incident: open, trusted } as const);
  return to.kind === 'ignore' || to.kind === 'move' ? null : { kind: 'move', from, to };
}

/** @param outspoken Heard also while another instance of the target is held down by a person. */
function openFor(
  target: Target,
  signal: Signal,
  trusted: boolean,
  { settings, fleet, now }: Context,
  outspoken = false,
): Placement {
  if (modeOfTarget(target, fleet, settings) === 'off') {
    return { kind: 'ignore', code: 'mode-off', reason: `mode of ${target.name} is off` };
  }
  const quiet =
    !outspoken &&
    fleet.isHeldByPerson(target.name) &&
    fleet.wasSuppressedSince(target.name, now - HELD_QUIET_MS);
  if (quiet) {
    const reason = `a person stopped ${target.name}, and it stays so until it is started again`;
    return { kind: 'ignore', code: 'stopped-by-person', reason };
  }
  return {
    kind: 'open',
    place: target.name,
    target,
    trusted,
    reason: printable(saySignal(signal), REASON_MAX),
    trouble: null,
  };
}

function openWithout(
  place: string,
  reason: string,
  trusted: boolean,
  trouble: { readonly code: EscalationCode; readonly reason: string },
  { fleet }: Context,
): Placement {
  const open = fleet.openIncidentOf(place);
  if (open !== null) return { kind: 'join', incident: open, trusted };
  return { kind: 'open', place, target: null, trusted, reason, trouble };
}

/**
 * Whether the message alone is a reason to act. A firing that began before its last episode was over is a late
 * copy (a resend that waited, an HA twin); one that was under way for long speaks of a past. Both are confirmed by
 * observation first. `startsAt` only orders here: it is no identity.
 */
function isTrusted(alert: Alert, endedAt: number, maxAgeMs: number, now: number): boolean {
  return alert.startsAt > endedAt && now - alert.startsAt <= maxAgeMs;
}

/** In which words an alert names the agent as the one in trouble, or null. The first label that says something decides. */
function namesTheAgent(alert: Alert, { settings, self }: Context): string | null {
  const names = self.kind === 'container' ? [...settings.selfNames, ...self.names] : settings.selfNames;
  const explicit = labelOf(alert.labels, EXPLICIT_TARGET_LABEL);
  const label = settings.labelMappings.find((mapping) => labelOf(alert.labels, mapping) !== '');
  const value = label === undefined ? '' : labelOf(alert.labels, label);
  if (label !== undefined && names.includes(value)) return `${label}="${value}" is the agent`;
  if (explicit !== '') return null;
  const name = alert.labels['alertname'] ?? '';
  return AGENT_ALERT.test(name) ? `${name} speaks of the agent` : null;
}
