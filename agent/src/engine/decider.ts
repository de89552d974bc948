import type { Context, Input } from '../core/context.ts';
import { openIncident } from '../core/decide/opening.ts';
import { decide } from '../core/decide.ts';
import { findTarget } from '../core/findTarget.ts';
import { FLEET_PLACE } from '../core/fleet.ts';
import { type Placement, placeSignal } from '../core/intake.ts';
import { closePanic, openPanic } from '../core/panic.ts';
import { quarantine } from '../core/quarantine.ts';
import type { Settings } from '../core/settings.ts';
import type { Signal } from '../core/signal.ts';
import { MpaError } from '../errors.ts';
import type { Clock, Telemetry } from '../ports.ts';
import type { Census } from './census.ts';
import { FleetWatch } from './fleetWatch.ts';
import type { Recorder } from './recorder.ts';

/** Open incidents; more signals that would open one are refused until some have ended. */
const OPEN_MAX = 10_000;
/** Of these, incidents of no target: a storm of alerts that nobody can place must leave room for what can be healed. */
const UNPLACED_MAX = 9_000;

type DeciderParts = {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly recorder: () => Recorder;
  readonly census: () => Census;
  readonly settings: () => Settings;
  readonly newId: () => string;
};

/**
 * Puts the core's questions together and writes down its answers. Everything here that writes is called while deciding,
 * by a task of the recorder, and so runs alone.
 */
export class Decider {
  readonly #parts: DeciderParts;
  readonly #fleetWatch = new FleetWatch();

  constructor(parts: DeciderParts) {
    this.#parts = parts;
  }

  /** Finds where a signal belongs, and hears it there. */
  receive(signal: Signal): void {
    const placement = placeSignal(signal, this.#context());
    if (placement.kind !== 'move') {
      this.#place(signal, placement);
      return;
    }
    const { from, to } = placement;
    const target =
      to.kind === 'open' ? to.place : (this.#memory.incident(to.incident)?.target ?? to.incident);
    this.decide(from, { kind: 'superseded', target });
    this.#place(signal, to);
  }

  /** Decides for one incident. One whose decision throws is set aside, and nobody else waits. */
  decide(id: string, input: Input): void {
    const incident = this.#memory.incident(id);
    if (incident === null) return;
    const aside = input.kind !== 'person' && !(input.kind === 'report' && input.report.kind === 'notified');
    if (incident.quarantined !== null && aside) return;
    const context = this.#context();
    try {
      this.#recorder.write(decide(incident, input, context));
    } catch (error) {
      this.#parts.telemetry.incidentQuarantined(id, error);
      this.#recorder.write(quarantine(incident, error, context));
    }
  }

  /** Half of the fleet failing at once is one matter for one person, not many matters. */
  watchFleet(): void {
    const context = this.#context();
    const news = this.#fleetWatch.follow(context, this.#parts.clock.monotonic());
    if (news === 'panic') this.#recorder.write(openPanic(this.#parts.newId(), context));
    if (news !== 'clear') return;
    const incident = this.#memory.incident(context.fleet.openIncidentOf(FLEET_PLACE) ?? '');
    if (incident !== null) this.#recorder.write(closePanic(incident, context));
  }

  /** Whether `watchFleet` would have something to do, where time alone has gone on. Asked at any time; changes nothing. */
  hasFleetNews(): boolean {
    // Asked each second, and most of the time nothing is open at all.
    if (this.#memory.fleet.openCount === 0) return false;
    return this.#fleetWatch.news(this.#context(), this.#parts.clock.monotonic()) !== null;
  }

  /** Incidents whose entries cannot be folded are set aside like those whose decision throws. */
  setAsideUnreadable(): void {
    for (const [id, error] of this.#memory.unreadable) {
      const incident = this.#memory.incident(id);
      if (incident !== null && incident.quarantined === null) {
        this.#recorder.write(quarantine(incident, error, this.#context()));
      }
    }
  }

  /**
   * Asked before a message is taken, so that it is taken whole or not at all. What belongs to an open incident needs no
   * room: who is full must still hear that something is over.
   */
  mustHaveRoom(signals: readonly Signal[]): void {
    const { fleet } = this.#memory;
    const opening = signals.filter(
      (signal) =>
        signal.source !== 'alertmanager' ||
        (signal.alert.status === 'firing' &&
          (fleet.episodeOf(signal.alert.fingerprint)?.incident ?? null) === null),
    );
    if (opening.length === 0) return;
    // Where there is room for all, be they placed or not, nobody asks where they belong.
    const tight = this.#memory.unplaced + opening.length > UNPLACED_MAX;
    const unplaced = tight ? opening.filter((signal) => this.#isUnplaced(signal)).length : 0;
    this.#mustHaveRoomFor(opening.length, unplaced);
  }

  #isUnplaced(signal: Signal): boolean {
    if (signal.source !== 'alertmanager') return false;
    const { settings, census } = this.#parts;
    return findTarget(signal.alert.labels, settings().labelMappings, census().targets).kind !== 'found';
  }

  /** @param unplaced How many of them would have no target. */
  #mustHaveRoomFor(incidents: number, unplaced: number): void {
    const { size, unplaced: already } = this.#memory;
    if (size + incidents > OPEN_MAX) throw new MpaError('OVERLOADED', `${OPEN_MAX} incidents are open`);
    if (unplaced > 0 && already + unplaced > UNPLACED_MAX)
      throw new MpaError('OVERLOADED', `${UNPLACED_MAX} incidents of no known target are open`);
  }

  get #recorder(): Recorder {
    return this.#parts.recorder();
  }

  get #memory(): Recorder['memory'] {
    return this.#recorder.memory;
  }

  #context(): Context {
    const { clock, settings, census } = this.#parts;
    const { targets, self, discoveryTrouble } = census();
    return {
      now: clock.now(),
      settings: settings(),
      fleet: this.#memory.fleet,
      targets,
      self,
      discoveryTrouble,
    };
  }

  #place(signal: Signal, placement: Exclude<Placement, { kind: 'move' }>): void {
    switch (placement.kind) {
      case 'join':
        if (this.#memory.incident(placement.incident)?.quarantined != null) {
          const reason = `it belongs to incident ${placement.incident}, which is set aside for a person`;
          this.#recorder.note(null, null, { type: 'signal-ignored', signal, code: 'set-aside', reason });
          return;
        }
        this.decide(placement.incident, { kind: 'signal', signal, trusted: placement.trusted });
        return;
      case 'open':
        this.#mustHaveRoomFor(1, placement.target === null ? 1 : 0);
        this.#recorder.write(openIncident(this.#parts.newId(), placement, signal, this.#context()));
        return;
      case 'ignore': {
        // A passing probe is nobody's message: there is no sender who was promised that it is kept.
        if (signal.source === 'probe') return;
        const { code, reason } = placement;
        const target = signal.source === 'alertmanager' ? null : signal.target;
        this.#recorder.note(null, target, { type: 'signal-ignored', signal, code, reason });
        return;
      }
      default:
        placement satisfies never;
    }
  }
}
