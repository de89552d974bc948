import type { AnalysisCode, RestartHelps } from '../core/diagnosis.ts';
import type { DecidedBody, Entry, EscalationCode, HeardBody } from '../core/entry.ts';
import { judgeHealth, type Observation } from '../core/observation.ts';
import type { Signal } from '../core/signal.ts';
import type { Mode, Target } from '../core/target.ts';
import { isRestart } from '../core/temper.ts';
import type { Telemetry } from '../ports.ts';
import { BoundedNames, OTHER } from './boundedNames.ts';
import { IncidentTimes } from './incidentTimes.ts';
import { createInstruments, type Instruments } from './instruments.ts';

const TARGETS_MAX = 1_000;
const NAMES_MAX = 200;
/** The shipped patterns, and as many of the user's own. */
const CAUSES_MAX = 300;
/** For what belongs to no known target. */
const NO_TARGET = 'none';

/** The one runtime that tells of itself. */
const DOCKER = { runtime: 'docker' };
/** Stands for all targets where a label names one. */
const EVERY_TARGET = '*';

/** What people set and what waits for them, at one moment: numbers, and names of targets. */
export type ControlsShown = {
  readonly maintenance: number;
  readonly recurring: number;
  readonly breakers: readonly string[];
  readonly modes: readonly { readonly target: string | null; readonly mode: Mode }[];
  readonly approvals: number;
};

const NOTHING_SET: ControlsShown = { maintenance: 0, recurring: 0, breakers: [], modes: [], approvals: 0 };

/** What can become of a stream of events. */
export type EventStreamChange =
  | { readonly kind: 'connected' | 'disconnected' | 'unreadable' }
  | { readonly kind: 'lost'; readonly count: number };

const SOURCES: { readonly [source in Signal['source']]: true } = {
  alertmanager: true,
  probe: true,
  runtime: true,
  person: true,
};

const ESCALATION_CODES: { readonly [code in EscalationCode]: true } = {
  'protected-target': true,
  'no-target': true,
  'ambiguous-target': true,
  'no-strategy': true,
  placeholder: true,
  'strategy-says-so': true,
  'strategy-exhausted': true,
  'step-failed': true,
  'not-verified': true,
  'guard-refused': true,
  'approval-wanted': true,
  'approval-denied': true,
  'approval-expired': true,
  'target-not-seen': true,
  deadline: true,
  'decision-failed': true,
  'observe-only': true,
  'fleet-panic': true,
  'restart-cannot-help': true,
  'analyst-says-so': true,
};

const ANALYSIS_CODES: { readonly [code in AnalysisCode]: true } = {
  answered: true,
  remembered: true,
  timeout: true,
  'rate-limited': true,
  unavailable: true,
  refused: true,
  malformed: true,
  'budget-spent': true,
  'breaker-open': true,
};

/** Prometheus metrics, derived from the journal as it grows: no part of the agent counts anything by itself. */
export class Metrics implements Telemetry {
  readonly #instruments: Instruments = createInstruments();
  readonly #times = new IncidentTimes();
  readonly #targets = new BoundedNames(TARGETS_MAX);
  readonly #names = new BoundedNames(NAMES_MAX);
  readonly #causes = new BoundedNames(CAUSES_MAX);
  /** Probes with a series, by target, so that those of a target that is gone can be taken back. */
  readonly #probes = new Map<string, Set<string>>();
  #controls: () => ControlsShown = () => NOTHING_SET;
  #ready: () => boolean = () => false;
  #selfKnown: () => boolean = () => false;

  constructor(version: string) {
    const { buildInfo, signals, escalations, verifications, analyses, restartsAvoided } = this.#instruments;
    buildInfo.set({ version, node: process.version }, 1);
    // A series that begins with its first event shows no increase to `rate`: closed sets begin at zero.
    for (const source of Object.keys(SOURCES)) signals.inc({ source }, 0);
    for (const reason of Object.keys(ESCALATION_CODES)) escalations.inc({ reason }, 0);
    for (const result of Object.keys(ANALYSIS_CODES)) analyses.inc({ result }, 0);
    for (const source of ['rules', 'analyst']) restartsAvoided.inc({ source }, 0);
    for (const result of ['verified', 'not-verified']) verifications.inc({ result }, 0);
  }

  get contentType(): string {
    return this.#instruments.registry.contentType;
  }

  /** The text that Prometheus scrapes. */
  async render(): Promise<string> {
    const { ready, selfKnown, incidentsOpen, incidentsEscalated, incidentsQuarantined, registry } =
      this.#instruments;
    const { escalationsOpen } = this.#instruments;
    ready.set(this.#ready() ? 1 : 0);
    selfKnown.set(this.#selfKnown() ? 1 : 0);
    incidentsOpen.set(this.#times.openCount);
    incidentsEscalated.set(this.#times.escalatedCount);
    escalationsOpen.set({ acknowledged: 'false' }, this.#times.handoverCount('waiting'));
    escalationsOpen.set({ acknowledged: 'true' }, this.#times.handoverCount('acknowledged'));
    incidentsQuarantined.set(this.#times.quarantinedCount);
    this.#renderControls(this.#controls());
    return registry.metrics();
  }

  /** Where it is asked at each scrape whether the agent takes signals; until then it does not. */
  showReady(ready: () => boolean): void {
    this.#ready = ready;
  }

  /** Where it is asked at each scrape whether the agent knows itself; until then it does not. */
  showSelf(known: () => boolean): void {
    this.#selfKnown = known;
  }

  /** Where what people set is asked for at each scrape: it expires by itself, and no entry tells of that. */
  showControls(controls: () => ControlsShown): void {
    this.#controls = controls;
  }

  /** What became of the stream of the engine's events. */
  eventStream(news: EventStreamChange): void {
    const of = this.#instruments;
    switch (news.kind) {
      case 'connected':
        of.eventStreamConnected.set(DOCKER, 1);
        return;
      case 'disconnected':
        of.eventStreamConnected.set(DOCKER, 0);
        of.eventStreamDisconnects.inc(DOCKER);
        return;
      case 'lost':
        of.eventsLost.inc(DOCKER, news.count);
        return;
      case 'unreadable':
        of.eventsUnreadable.inc(DOCKER);
        return;
      default:
        news satisfies never;
    }
  }

  /** A container's event was heard, so long after it happened. */
  containerEvent(lagMs: number): void {
    this.#instruments.eventLag.observe(DOCKER, seconds(lagMs));
  }

  #renderControls({ maintenance, recurring, breakers, modes, approvals }: ControlsShown): void {
    const of = this.#instruments;
    of.maintenanceOpen.set({ origin: 'declared' }, maintenance);
    of.maintenanceOpen.set({ origin: 'recurring' }, recurring);
    of.approvalsWaiting.set(approvals);
    of.breakerOpen.reset();
    for (const target of breakers) of.breakerOpen.set({ target: this.#targets.of(target) }, 1);
    of.modeSet.reset();
    for (const { target, mode } of modes) {
      of.modeSet.set({ target: target === null ? EVERY_TARGET : this.#targets.of(target), mode }, 1);
    }
  }

  /** What the journal held at start, or after it was folded anew: known from then on, and not counted again. */
  restored(entries: readonly Entry[]): void {
    this.#times.clear();
    for (const entry of entries) this.#times.apply(entry);
  }

  /** Takes back the series of targets that are no longer there. */
  retainTargets(names: ReadonlySet<string>): void {
    for (const [target, probes] of this.#probes) {
      if (names.has(target)) continue;
      this.#probes.delete(target);
      this.#targets.forget(target);
      this.#instruments.targetWell.remove({ target });
      for (const probe of probes) {
        this.#instruments.probeSuccess.remove({ target, probe });
        this.#instruments.probeDuration.remove({ target, probe });
      }
    }
  }

  entryAppended(entry: Entry): void {
    const { stepDuration, recoveryDuration, analysisDuration, entries } = this.#instruments;
    const { body } = entry;
    entries.inc({ type: body.type });
    const ended = this.#times.apply(entry);
    if (ended?.what === 'step') {
      const { action, outcome, durationMs } = ended;
      stepDuration.observe({ action: this.#names.of(action), outcome }, seconds(durationMs));
    } else if (ended?.what === 'recovery') {
      recoveryDuration.observe(seconds(ended.durationMs));
    } else if (ended?.what === 'analysis') {
      analysisDuration.observe(seconds(ended.durationMs));
    }
    for (const { id, restartHelps } of this.#times.newCauses(entry)) {
      this.#diagnosed('rules', this.#causes.of(id), restartHelps);
    }
    // A jump of the clock is said once for all, and again for each open incident; it is one jump.
    if (body.type === 'clock-jumped' && entry.incident !== null) return;
    this.#count(body, entry.target === null ? NO_TARGET : this.#targets.of(entry.target));
  }

  journalCommitted(durationMs: number, ok: boolean): void {
    if (ok) this.#instruments.commitDuration.observe(seconds(durationMs));
    else this.#instruments.commitFailures.inc();
  }

  effectStarted(kind: string): void {
    this.#instruments.effectsPending.inc({ kind: this.#names.of(kind) });
  }

  effectEnded(kind: string, durationMs: number): void {
    const name = this.#names.of(kind);
    this.#instruments.effectsPending.dec({ kind: name });
    this.#instruments.effectDuration.observe({ kind: name }, seconds(durationMs));
  }

  effectFailed(kind: string): void {
    this.#instruments.effectFailures.inc({ kind: this.#names.of(kind) });
  }

  observed(target: Target, observation: Observation): void {
    const { targetWell, probeSuccess, probeDuration } = this.#instruments;
    const name = this.#targets.of(target.name);
    targetWell.set({ target: name }, isWell(observation) ? 1 : 0);
    const probes = this.#probes.get(name) ?? new Set<string>();
    this.#probes.set(name, probes);
    for (const { name: probeName, ok, durationMs } of observation.probes) {
      const probe = this.#names.of(probeName);
      probes.add(probe);
      probeSuccess.set({ target: name, probe }, ok ? 1 : 0);
      probeDuration.set({ target: name, probe }, seconds(durationMs));
    }
  }

  incidentQuarantined(): void {
    this.#instruments.decisionFailures.inc();
  }

  /** `reason` is a code of the door's closed set. */
  signalsRefused(reason: string, count: number): void {
    this.#instruments.signalsRefused.inc({ reason: this.#names.of(reason) }, count);
  }

  /** `route` is a pattern, and `method` one that a route answers to or `other`. */
  requestAnswered(method: string, route: string, status: number, durationMs: number): void {
    const known = ['GET', 'HEAD', 'POST'].includes(method) ? method : 'other';
    const labels = { method: known, route: this.#names.of(route), status: String(status) };
    this.#instruments.requestDuration.observe(labels, seconds(durationMs));
  }

  #diagnosed(source: 'rules' | 'analyst', cause: string, restartHelps: RestartHelps): void {
    this.#instruments.diagnoses.inc({ source, cause, restart_helps: restartHelps });
  }

  #count(body: HeardBody | DecidedBody, target: string): void {
    const of = this.#instruments;
    switch (body.type) {
      case 'signal-heard':
        of.signals.inc({ source: body.signal.source });
        return;
      case 'signal-repeated':
        of.signals.inc({ source: 'alertmanager' });
        of.signalsRepeated.inc();
        return;
      case 'signal-ignored':
        of.signals.inc({ source: body.signal.source });
        of.signalsIgnored.inc({ reason: body.code });
        return;
      case 'alerts-truncated':
        of.alertsTruncated.inc({ read_back: String(body.readBack) }, body.count);
        return;
      case 'incident-opened':
        of.incidentsOpened.inc({ target });
        return;
      case 'incident-ended':
        of.incidentsEnded.inc({ target, outcome: body.outcome });
        return;
      case 'mutation-started':
        of.mutations.inc({ target, action: this.#names.of(body.action) });
        return;
      case 'verification-ended':
        of.verifications.inc({ result: body.verified ? 'verified' : 'not-verified' });
        return;
      case 'plan-tempered':
        of.restartsAvoided.inc({ source: body.from }, body.withheld.filter(isRestart).length);
        return;
      case 'analysis-ended':
        of.analyses.inc({ result: body.code });
        of.analysisTokens.inc({ direction: 'input' }, body.usage.inputTokens);
        of.analysisTokens.inc({ direction: 'output' }, body.usage.outputTokens);
        of.analysisCost.inc(body.usage.costUsd);
        // What a model calls a cause is its own word, and no name for a series.
        for (const { restartHelps } of body.analysis?.causes ?? [])
          this.#diagnosed('analyst', OTHER, restartHelps);
        return;
      case 'escalated':
        of.escalations.inc({ reason: body.code });
        return;
      case 'notified':
        of.deliveries.inc({
          channel: this.#names.of(body.channel),
          result: body.delivered ? 'delivered' : 'failed',
        });
        return;
      case 'protective-action':
        of.protectiveActions.inc({ layer: body.layer, reason: this.#names.of(body.code) });
        return;
      case 'guards-answered':
        for (const { guard, verdict } of body.answers) {
          of.guardAnswers.inc({ guard: this.#names.of(guard), verdict });
        }
        return;
      case 'breaker-opened':
        of.breakers.inc({ target });
        return;
      case 'control-set':
        of.controls.inc({ kind: body.control.kind });
        return;
      case 'person-said':
        of.personWords.inc({ command: body.command });
        return;
      case 'clock-jumped':
        of.clockJumps.inc();
        return;
      case 'journal-recovered':
        of.journalOutages.inc();
        of.journalOutageTime.inc(seconds(body.afterMs));
        return;
      default:
        // The others are counted by their type alone.
        return;
    }
  }
}

function seconds(durationMs: number): number {
  return Math.max(0, durationMs) / 1_000;
}

/** A round of scheduled probes has no look at the instances in it: then the probes alone tell. */
function isWell(observation: Observation): boolean {
  const { runtime, probes } = observation;
  const probesAlone = runtime.ok && runtime.instances.length === 0 && probes.length > 0;
  return probesAlone ? probes.every(({ ok }) => ok) : judgeHealth(observation).verdict === 'well';
}
