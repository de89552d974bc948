import type { Spending } from './diagnosis.ts';
import type { Delivery, Escalation, Incident, Mutation } from './incident.ts';
import type { Step } from './strategy.ts';

/**
 * What should be under way for an incident now. The engine starts what is not running and stops what is no
 * longer here; `key` tells the one from the other, also over a restart of the agent.
 */
export type Effect = { readonly key: string } & (
  | { readonly kind: 'gather'; readonly by: number }
  | { readonly kind: 'look'; readonly by: number }
  | { readonly kind: 'act'; readonly index: number; readonly step: Step; readonly until: number }
  | { readonly kind: 'mutate'; readonly step: Step; readonly mutation: Mutation }
  | { readonly kind: 'confirm'; readonly step: Step; readonly mutation: Mutation }
  /** Asks the analyst, also past the end of the incident: what it says is for the story, too. */
  | { readonly kind: 'analyse'; readonly by: number; readonly budget: Spending }
  /** Looks again and again and reports each look. */
  | { readonly kind: 'watch'; readonly pace: 'verify' | 'escalated' }
  | {
      readonly kind: 'notify';
      readonly channel: string;
      readonly escalation: Escalation;
      readonly notBefore: number;
      readonly withdrawal: boolean;
    }
  /** Says an escalation again and again, for channels that forget, until a person took it or it is over. */
  | { readonly kind: 'repeat'; readonly channel: string; readonly escalation: Escalation }
);

/** Derives the effects from the state alone, so that a restart of the agent needs no code of its own. */
export function pending(incident: Incident): readonly Effect[] {
  // Of one that is set aside nothing goes on but the call for a person.
  if (incident.quarantined !== null) return escalationEffects(incident);
  const { asked, escalation } = incident;
  const effects = phaseEffects(incident);
  // Derived anew after every entry, and most incidents have neither.
  if (escalation === null && (asked === null || asked.over)) return effects;
  return [...effects, ...analysisEffects(incident), ...escalationEffects(incident)];
}

function phaseEffects(incident: Incident): readonly Effect[] {
  const { phase, phaseSerial, strategy, target } = incident;
  const key = `${phase.kind}#${phaseSerial}`;
  if (target === null) return [];
  switch (phase.kind) {
    case 'gathering':
      return [{ key, kind: 'gather', by: phase.by }];
    case 'looking':
      return [{ key, kind: 'look', by: phase.by }];
    case 'acting': {
      const step = strategy?.steps[phase.index];
      return step === undefined || step.kind !== 'observing'
        ? []
        : [{ key, kind: 'act', index: phase.index, step, until: phase.until }];
    }
    case 'mutating':
    case 'unsure': {
      const step = strategy?.steps[phase.index];
      return step === undefined
        ? []
        : [{ key, kind: phase.kind === 'mutating' ? 'mutate' : 'confirm', step, mutation: phase }];
    }
    case 'settling':
    case 'verifying':
      return [{ key, kind: 'watch', pace: 'verify' }];
    case 'escalated':
      return [{ key, kind: 'watch', pace: 'escalated' }];
    case 'ready':
    case 'analysing':
    case 'held':
    case 'approving':
    case 'ended':
      return [];
    default:
      return phase satisfies never;
  }
}

/** Derived from the question alone, whatever the incident does meanwhile. */
function analysisEffects({ asked }: Incident): readonly Effect[] {
  return asked === null || asked.over
    ? []
    : [{ key: `analyse#${asked.serial}`, kind: 'analyse', by: asked.by, budget: asked.budget }];
}

function escalationEffects({ escalation, phase }: Incident): readonly Effect[] {
  if (escalation === null) return [];
  const moot = escalation.code === 'approval-wanted' && phase.kind !== 'approving';
  const over = phase.kind === 'ended' || escalation.acknowledged !== null || moot;
  const effects: Effect[] = [];
  for (const [channel, delivery] of escalation.deliveries) {
    const effect = channelEffect(escalation, channel, delivery, over);
    if (effect !== null) effects.push(effect);
  }
  return effects;
}

function channelEffect(
  escalation: Escalation,
  channel: string,
  { delivered, withdrawn, failures, nextAt: notBefore }: Delivery,
  over: boolean,
): Effect | null {
  const name = `${escalation.number}:${channel}`;
  // Said at least once, even when it is over by then: a person must be able to trust that nothing was held back.
  if (!delivered)
    return {
      key: `notify#${name}:${failures}`,
      kind: 'notify',
      channel,
      escalation,
      notBefore,
      withdrawal: false,
    };
  if (!over) return { key: `repeat#${name}`, kind: 'repeat', channel, escalation };
  if (withdrawn) return null;
  return {
    key: `withdraw#${name}:${failures}`,
    kind: 'notify',
    channel,
    escalation,
    notBefore,
    withdrawal: true,
  };
}

/** A deadline is checked this long after it, so that the effect itself can report first; milliseconds. */
const BACKSTOP_MS = 2_000;

/** When the incident must be decided on again even if nothing is heard; wall clock, milliseconds. `null`: never. */
export function wakeAt(incident: Incident): number | null {
  if (incident.quarantined !== null) return null;
  const { asked } = incident;
  const at = phaseWakeAt(incident);
  if (asked === null || asked.over) return at;
  return Math.min(at ?? Number.POSITIVE_INFINITY, asked.by + BACKSTOP_MS);
}

function phaseWakeAt(incident: Incident): number | null {
  const { phase, deadlineAt } = incident;
  switch (phase.kind) {
    case 'gathering':
    case 'looking':
      return Math.min(phase.by + BACKSTOP_MS, deadlineAt);
    case 'acting': {
      const waits = incident.strategy?.steps[phase.index]?.kind === 'waiting';
      return Math.min(phase.until + (waits ? 0 : BACKSTOP_MS), deadlineAt);
    }
    case 'ready':
      return incident.openedAt;
    case 'analysing':
      return deadlineAt;
    case 'held':
    case 'approving':
    case 'settling':
    case 'verifying':
      return Math.min(phase.until, deadlineAt);
    case 'mutating':
      // What is under way is never cut off by the incident's deadline: first it must be known what happened.
      return phase.until + BACKSTOP_MS;
    case 'unsure':
      return null;
    case 'escalated':
      return incident.target === null ? incident.openedAt + UNPLACED_MAX_MS : null;
    case 'ended':
      return null;
    default:
      return phase satisfies never;
  }
}

/** An escalated incident that has no target to watch is closed after this long, milliseconds. */
export const UNPLACED_MAX_MS = 86_400_000;
