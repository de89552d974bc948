import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Upper bounds in seconds: from an inspect to a restart whose PID 1 ignores the stop signal. */
const STEP_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const RECOVERY_BUCKETS = [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600];
/** Around one fsync: 0.2 ms on a local SSD, tens of milliseconds on a disk in trouble. */
const COMMIT_BUCKETS = [0.0002, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1];
const REQUEST_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10];

/**
 * Every metric of the agent, in a registry of its own. Base units, as Prometheus wants them. Labels are names from
 * configuration or closed sets; never a fingerprint, an id or free text.
 */
export function createInstruments() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = <T extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly T[] = [],
  ) => new Histogram({ name, help, labelNames, buckets, registers });

  collectDefaultMetrics({ register: registry });
  return {
    registry,
    buildInfo: gauge('mpa_build_info', 'Always 1; the labels say what runs.', ['version', 'node']),
    ready: gauge('mpa_ready', '1 while signals are taken: the journal is folded and can be written.'),
    selfKnown: gauge(
      'mpa_self_known',
      '1 if the agent knows which container it is, or that it is in none. While 0, it mutates no container.',
    ),
    signals: counter(
      'mpa_signals_received_total',
      'Signals heard, by source; repeats of an episode included.',
      ['source'],
    ),
    signalsRepeated: counter('mpa_signals_repeated_total', 'Alerts heard again within their episode.'),
    signalsIgnored: counter('mpa_signals_ignored_total', 'Signals heard that start nothing, by reason.', [
      'reason',
    ]),
    signalsRefused: counter(
      'mpa_signals_refused_total',
      'Messages, or single alerts of one, that were refused at the door. Not zero: see the sender’s configuration.',
      ['reason'],
    ),
    alertsTruncated: counter('mpa_alerts_truncated_total', 'Alerts that a message left out.', ['read_back']),
    probeSuccess: gauge('mpa_probe_success', '1 if the probe passed when it was last made, else 0.', [
      'target',
      'probe',
    ]),
    probeDuration: gauge('mpa_probe_duration_seconds', 'How long the probe took when it was last made.', [
      'target',
      'probe',
    ]),
    targetWell: gauge('mpa_target_well', '1 if the target was well when last looked at, else 0.', ['target']),
    incidentsOpened: counter('mpa_incidents_opened_total', 'Incidents opened.', ['target']),
    incidentsEnded: counter(
      'mpa_incidents_total',
      'Incidents that ended, by outcome, and whether the agent had begun a mutating call for them.',
      ['target', 'outcome', 'acted'],
    ),
    incidentsOpen: gauge('mpa_incidents_open', 'Incidents that have not ended.'),
    incidentsEscalated: gauge('mpa_incidents_escalated', 'Open incidents that a person was called for.'),
    escalationsOpen: gauge(
      'mpa_escalations_open',
      'Handovers to a person that are not over, by whether somebody has acknowledged them.',
      ['acknowledged'],
    ),
    incidentsQuarantined: gauge(
      'mpa_incidents_quarantined',
      'Open incidents set aside after a failed decision.',
    ),
    decisionFailures: counter(
      'mpa_decision_failures_total',
      'Decisions that failed; each is a defect to report.',
    ),
    mutations: counter('mpa_mutations_total', 'Mutating calls made on targets, by action.', [
      'target',
      'action',
    ]),
    stepDuration: histogram(
      'mpa_step_duration_seconds',
      'How long one use of an action took, by outcome.',
      STEP_BUCKETS,
      ['action', 'outcome'],
    ),
    recoveryDuration: histogram(
      'mpa_recovery_duration_seconds',
      'From the opening of an incident to its verified recovery.',
      RECOVERY_BUCKETS,
    ),
    verifications: counter('mpa_verifications_total', 'Proofs asked for after steps, by result.', ['result']),
    escalations: counter('mpa_escalations_total', 'Times a person was called, by reason.', ['reason']),
    diagnoses: counter(
      'mpa_diagnoses_total',
      'Causes recognised, by who did and whether a restart helps; a cause of the analyst is `other`.',
      ['source', 'cause', 'restart_helps'],
    ),
    restartsAvoided: counter(
      'mpa_restarts_avoided_total',
      'Restarts of a plan that were withheld, since they could not help or the analyst advised against them.',
      ['source'],
    ),
    analyses: counter(
      'mpa_analyses_total',
      'Analyses by result: `answered` and `remembered`, or why the rules decided alone.',
      ['result'],
    ),
    analysisTokens: counter('mpa_analysis_tokens_total', 'Tokens that analyses used.', ['direction']),
    analysisCost: counter(
      'mpa_analysis_cost_usd_total',
      'What analyses cost, US dollars by the configured prices.',
    ),
    analysisDuration: histogram(
      'mpa_analysis_duration_seconds',
      'From the question to the analyst until its answer, or until the rules decided alone.',
      STEP_BUCKETS,
    ),
    deliveries: counter('mpa_escalation_deliveries_total', 'Attempts to tell a channel of an escalation.', [
      'channel',
      'result',
    ]),
    protectiveActions: counter(
      'mpa_protective_actions_total',
      'Refusals to act on the agent itself or on what it stands on.',
      ['layer', 'reason'],
    ),
    guardAnswers: counter('mpa_guard_answers_total', 'What guards said to mutating steps.', [
      'guard',
      'verdict',
    ]),
    breakers: counter('mpa_breakers_opened_total', 'Breakers that opened: a target was mutated too often.', [
      'target',
    ]),
    controls: counter('mpa_controls_set_total', 'Words of people to the agent as a whole, by kind.', [
      'kind',
    ]),
    maintenanceOpen: gauge(
      'mpa_maintenance_open',
      'Maintenance windows that are open: what people declared, and what comes again by configuration.',
      ['origin'],
    ),
    breakerOpen: gauge('mpa_breaker_open', '1 while nothing is done to the target for its spent budget.', [
      'target',
    ]),
    modeSet: gauge('mpa_mode_set', '1 while a person’s word on the mode is in force; target * is all.', [
      'target',
      'mode',
    ]),
    instancesHeld: gauge(
      'mpa_instances_held',
      'Instances that people stopped or paused and nobody started since; 10000 are remembered one by one.',
    ),
    targetsHeldWhole: gauge(
      'mpa_targets_held_whole',
      'Targets of which more instances were stopped by people than are remembered: what is down of them is left alone, whoever stopped it.',
    ),
    approvalsWaiting: gauge('mpa_approvals_waiting', 'Mutating steps that wait for a person.'),
    personWords: counter('mpa_person_words_total', 'Words of people to single incidents.', ['command']),
    commitDuration: histogram(
      'mpa_journal_commit_duration_seconds',
      'How long a durable commit took.',
      COMMIT_BUCKETS,
    ),
    commitFailures: counter(
      'mpa_journal_commit_failures_total',
      'Commits that failed. While they do, nothing is acknowledged and nothing mutated.',
    ),
    entries: counter('mpa_journal_entries_total', 'Entries appended to the journal.', ['type']),
    effectsPending: gauge('mpa_effects_pending', 'Effects under way or waiting, by kind.', ['kind']),
    effectDuration: histogram('mpa_effect_duration_seconds', 'How long effects took.', STEP_BUCKETS, [
      'kind',
    ]),
    effectFailures: counter('mpa_effect_failures_total', 'Effects that threw: a defect, or no journal.', [
      'kind',
    ]),
    journalOutages: counter(
      'mpa_journal_outages_total',
      'Times the journal could not be written for a while.',
    ),
    journalOutageTime: counter(
      'mpa_journal_outage_seconds_total',
      'How long the journal could not be written, told when it can be again.',
    ),
    eventStreamConnected: gauge(
      'mpa_runtime_events_connected',
      '1 while the runtime’s events are heard. Absent: they are not wanted.',
      ['runtime'],
    ),
    eventStreamDisconnects: counter(
      'mpa_runtime_events_disconnects_total',
      'Times the stream of events ended or could not be opened; it is taken up again.',
      ['runtime'],
    ),
    eventsLost: counter(
      'mpa_runtime_events_lost_total',
      'Events that the stream lost and that lists of containers showed.',
      ['runtime'],
    ),
    eventsUnreadable: counter(
      'mpa_runtime_events_unreadable_total',
      'Lines of the stream that were no event.',
      ['runtime'],
    ),
    eventLag: histogram(
      'mpa_runtime_event_lag_seconds',
      'From an event on the runtime’s host to its arrival, by both their clocks.',
      REQUEST_BUCKETS,
      ['runtime'],
    ),
    clockJumps: counter('mpa_clock_jumps_total', 'Jumps of the wall clock that were noticed.'),
    requestDuration: histogram(
      'mpa_http_request_duration_seconds',
      'How long requests took, by route and status.',
      REQUEST_BUCKETS,
      ['method', 'route', 'status'],
    ),
  };
}

export type Instruments = ReturnType<typeof createInstruments>;
