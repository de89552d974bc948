import type { Control } from '../core/control.ts';
import { objectionTo } from '../core/decide/person.ts';
import { protectionOf } from '../core/guards/index.ts';
import type { PersonCommand } from '../core/personCommand.ts';
import type { Settings } from '../core/settings.ts';
import type { Target } from '../core/target.ts';
import { MpaError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { Census } from './census.ts';
import type { Decider } from './decider.ts';
import type { Hearing } from './hearing.ts';
import type { Recorder } from './recorder.ts';
import type { Waker } from './waker.ts';

/** Maintenances that are open at once; each is asked at every mutating step. */
const MAINTENANCE_MAX = 1_000;

type PeopleDeskParts = {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly decider: Decider;
  readonly census: Census;
  readonly hearing: Hearing;
  readonly waker: Waker;
  readonly settings: () => Settings;
  /** Aborts when the agent ends. */
  readonly over: AbortSignal;
};

/**
 * Takes what people say: recover this, a word to an incident, a control of the agent as a whole. What cannot be done is
 * refused with its reason before anything is decided: `UNKNOWN_TARGET`, `UNKNOWN_INCIDENT`, `UNKNOWN_MAINTENANCE`,
 * `PROTECTED`, `NOT_POSSIBLE`.
 */
export class PeopleDesk {
  readonly #parts: PeopleDeskParts;

  constructor(parts: PeopleDeskParts) {
    this.#parts = parts;
  }

  /** Opens an incident of the target, or joins the open one; answers its id. */
  async recover(name: string, who: string, reason: string): Promise<{ readonly incident: string }> {
    const { recorder, census, hearing, settings } = this.#parts;
    const target = census.find(name) ?? (await this.#lookFor(name));
    if (target === null) throw new MpaError('UNKNOWN_TARGET', name);
    const protection = protectionOf(target, [], settings(), census.self);
    if (protection !== null) {
      const { code } = protection;
      const body = {
        type: 'protective-action',
        layer: 'intake',
        code,
        reason: `${who} asked for a recovery: ${protection.reason}`,
      } as const;
      await recorder.record(target.name, body);
      throw new MpaError('PROTECTED', protection.reason);
    }
    const open = recorder.memory.fleet.openIncidentOf(name);
    const escalated = open !== null && recorder.memory.incident(open)?.phase.kind === 'escalated';
    if (escalated) await this.command(open, 'recover', who, reason);
    else await hearing.hear({ source: 'person', target: name, who, reason });
    const incident = recorder.memory.fleet.openIncidentOf(name);
    if (incident === null) throw new MpaError('NOT_POSSIBLE', `mode of ${name} is off`);
    return { incident };
  }

  /** A word to one incident. */
  command(id: string, command: PersonCommand, who: string, reason: string): Promise<void> {
    const { recorder, decider } = this.#parts;
    return recorder.submit(() => {
      const incident = recorder.memory.incident(id);
      if (incident === null) throw new MpaError('UNKNOWN_INCIDENT', id);
      const objection = objectionTo(incident, command);
      if (objection !== null) throw new MpaError('NOT_POSSIBLE', objection);
      decider.decide(id, { kind: 'person', command, who, reason });
    });
  }

  /** A maintenance, a mode, a breaker: recorded, and whoever waited for leave asks again. */
  async control(control: Control, who: string, reason: string): Promise<void> {
    const { clock, recorder, census, waker } = this.#parts;
    const { target } = control.kind === 'maintenance-end' ? { target: null } : control;
    if (target !== null && census.find(target) === null) throw new MpaError('UNKNOWN_TARGET', target);
    const open = recorder.memory.fleet.openMaintenance(clock.now());
    if (control.kind === 'maintenance-end' && !open.some(({ id }) => id === control.id)) {
      throw new MpaError('UNKNOWN_MAINTENANCE', control.id);
    }
    if (control.kind === 'maintenance-start' && open.length >= MAINTENANCE_MAX) {
      throw new MpaError('NOT_POSSIBLE', `${MAINTENANCE_MAX} maintenances are open; end some first`);
    }
    await recorder.record(target, { type: 'control-set', control, who, reason });
    await waker.wakeAll(`${who} changed what it may have waited for`);
  }

  async #lookFor(name: string): Promise<Target | null> {
    const { census, over } = this.#parts;
    await census.refreshSoon(over);
    return census.find(name);
  }
}
