import type { Entry } from '../core/entry.ts';
import type { Observation } from '../core/observation.ts';
import type { Target } from '../core/target.ts';
import type { Telemetry } from '../ports.ts';
import { BoundedNames } from './boundedNames.ts';
import { beginAtZero } from './closedSets.ts';
import { type ControlsShown, NOTHING_SET, showControls } from './controlsShown.ts';
import { EntryCounts } from './entryCounts.ts';
import { containerEvent, type EventStreamChange, eventStreamChanged } from './eventStream.ts';
import { IncidentTimes } from './incidentTimes.ts';
import { createInstruments, type Instruments } from './instruments.ts';
import { seconds } from './seconds.ts';
import { TargetSeries } from './targetSeries.ts';

const TARGETS_MAX = 1_000;
const NAMES_MAX = 200;

/** Prometheus metrics, derived from the journal as it grows: no part of the agent counts anything by itself. */
export class Metrics implements Telemetry {
  readonly #instruments: Instruments = createInstruments();
  readonly #times = new IncidentTimes();
  readonly #targets = new BoundedNames(TARGETS_MAX);
  readonly #names = new BoundedNames(NAMES_MAX);
  readonly #entries: EntryCounts;
  readonly #targetSeries: TargetSeries;
  #controls: () => ControlsShown = () => NOTHING_SET;
  #ready: () => boolean = () => false;
  #selfKnown: () => boolean = () => false;

  constructor(version: string) {
    this.#entries = new EntryCounts({
      instruments: this.#instruments,
      times: this.#times,
      targets: this.#targets,
      names: this.#names,
    });
    this.#targetSeries = new TargetSeries(this.#instruments, this.#targets, this.#names);
    this.#instruments.buildInfo.set({ version, node: process.version }, 1);
    beginAtZero(this.#instruments);
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
    showControls(this.#instruments, this.#targets, this.#controls());
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
    eventStreamChanged(this.#instruments, news);
  }

  /** A container's event was heard, so long after it happened. */
  containerEvent(lagMs: number): void {
    containerEvent(this.#instruments, lagMs);
  }

  restoring(): void {
    this.#times.clear();
  }

  /** Known from then on, and not counted again. */
  entryRestored(entry: Entry): void {
    this.#times.apply(entry);
  }

  /** Takes back the series of targets that are no longer there. */
  retainTargets(names: ReadonlySet<string>): void {
    this.#targetSeries.retain(names);
  }

  entryAppended(entry: Entry): void {
    this.#entries.apply(entry);
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
    this.#targetSeries.observed(target, observation);
  }

  incidentQuarantined(): void {
    this.#instruments.decisionFailures.inc();
  }

  watchFailed(): void {
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
}
