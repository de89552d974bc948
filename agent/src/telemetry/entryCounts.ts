import type { RestartHelps } from '../core/diagnosis.ts';
import type { DecidedBody } from '../core/entry/decided.ts';
import type { HeardBody } from '../core/entry/heard.ts';
import type { Entry } from '../core/entry.ts';
import { isRestart } from '../core/temper.ts';
import { BoundedNames, OTHER } from './boundedNames.ts';
import type { IncidentTimes } from './incidentTimes.ts';
import type { Instruments } from './instruments.ts';
import { seconds } from './seconds.ts';

/** The shipped patterns, and as many of the user's own. */
const CAUSES_MAX = 300;
/** For what belongs to no known target. */
const NO_TARGET = 'none';

/** Counts and times the entries of the journal as they are appended. */
export class EntryCounts {
  readonly #instruments: Instruments;
  readonly #times: IncidentTimes;
  readonly #targets: BoundedNames;
  readonly #names: BoundedNames;
  readonly #causes = new BoundedNames(CAUSES_MAX);

  constructor(parts: {
    readonly instruments: Instruments;
    readonly times: IncidentTimes;
    readonly targets: BoundedNames;
    readonly names: BoundedNames;
  }) {
    this.#instruments = parts.instruments;
    this.#times = parts.times;
    this.#targets = parts.targets;
    this.#names = parts.names;
  }

  apply(entry: Entry): void {
    const { stepDuration, recoveryDuration, analysisDuration, entries } = this.#instruments;
    const { body } = entry;
    entries.inc({ type: body.type });
    const ended = this.#times.apply(entry);
    if (ended?.what === 'step') {
      const { action, outcome, durationMs } = ended;
      stepDuration.observe({ action: this.#names.of(action), outcome }, seconds(durationMs));
    } else if (ended?.what === 'incident') {
      if (body.type === 'incident-ended' && body.outcome === 'recovered')
        recoveryDuration.observe(seconds(ended.durationMs));
    } else if (ended?.what === 'analysis') {
      analysisDuration.observe(seconds(ended.durationMs));
    }
    for (const { id, restartHelps } of this.#times.newCauses(entry)) {
      this.#diagnosed('rules', this.#causes.of(id), restartHelps);
    }
    // A jump of the clock is said once for all, and again for each open incident; it is one jump.
    if (body.type === 'clock-jumped' && entry.incident !== null) return;
    const acted = ended?.what === 'incident' && ended.acted;
    this.#count(body, entry.target === null ? NO_TARGET : this.#targets.of(entry.target), acted);
  }

  #diagnosed(source: 'rules' | 'analyst', cause: string, restartHelps: RestartHelps): void {
    this.#instruments.diagnoses.inc({ source, cause, restart_helps: restartHelps });
  }

  #count(body: HeardBody | DecidedBody, target: string, acted: boolean): void {
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
        of.incidentsEnded.inc({ target, outcome: body.outcome, acted: String(acted) });
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
