import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from './counts.ts';
import { bars, GOOD_IF_ONE, GOOD_IF_ZERO, heatmap, lines, logs, stat, states } from './panels.ts';
import { labelVariable } from './variables.ts';

const TARGET = 'target=~"$target"';
const AGENT = 'job="market-programmer-agent"';

/** What is failing, what was done about it, how it went, and what was refused. */
export function fleetDashboard(): Dashboard {
  return [...now(), ...failing(), ...done(), ...known(), ...refused(), ...itself()]
    .reduce(
      (dashboard, part) => (part instanceof RowBuilder ? dashboard.withRow(part) : dashboard.withPanel(part)),
      new DashboardBuilder('Fleet and recovery')
        .uid('mpa-fleet')
        .description(
          'What is failing, what the agent did, how long it took, how often it worked, what it refused.',
        )
        .tags(['market-programmer-agent'])
        .readonly()
        .time({ from: 'now-6h', to: 'now' })
        .refresh('30s')
        .tooltip(DashboardCursorSync.Crosshair)
        .withVariable(labelVariable('target', 'mpa_target_well')),
    )
    .build();
}

function now() {
  return [
    new RowBuilder('Now'),
    stat({
      title: 'Agent',
      about: 'Whether it takes signals: its journal is folded and can be written.',
      queries: [[`min(mpa_ready)`, '']],
      steps: GOOD_IF_ONE,
      words: { 0: ['not ready', 'red'], 1: ['ready', 'green'] },
    }),
    stat({
      title: 'Open incidents',
      about: 'Incidents that have not ended, those with a person included.',
      queries: [['sum(mpa_incidents_open)', '']],
      steps: ['green', [1, 'orange']],
    }),
    stat({
      title: 'With a person',
      about: 'Open incidents that the agent has handed over.',
      queries: [['sum(mpa_incidents_escalated)', '']],
      steps: GOOD_IF_ZERO,
    }),
    stat({
      title: 'Approvals waiting',
      about: 'Mutating steps that wait for somebody to approve or deny them (`mpa approvals`).',
      queries: [['sum(mpa_approvals_waiting)', '']],
      steps: ['green', [1, 'orange']],
    }),
    stat({
      title: 'Breakers open',
      about: 'Targets that are left alone because their budget of repairs is spent.',
      queries: [[`sum(mpa_breaker_open{${TARGET}})`, '']],
      steps: GOOD_IF_ZERO,
    }),
    stat({
      title: 'Recovered',
      about:
        'Of the incidents that ended in this time and were not over by themselves: the share that a repair ended, with its proof; also where a person was called meanwhile.',
      queries: [
        [
          rise('mpa_incidents_total', { where: `${TARGET},outcome="recovered"`, over: '$__range' }) +
            ' / ' +
            rise('mpa_incidents_total', {
              where: `${TARGET},outcome!~"self-resolved|suppressed|superseded"`,
              over: '$__range',
            }),
          '',
        ],
      ],
      unit: 'percentunit',
      steps: ['red', [0.5, 'orange'], [0.9, 'green']],
    }),
    stat({
      title: 'Recovery, median',
      about: 'From the opening of an incident to its verified recovery, soak included.',
      queries: [
        [
          `histogram_quantile(0.5, ${rise('mpa_recovery_duration_seconds_bucket', { by: ['le'], over: '$__range' })})`,
          '',
        ],
      ],
      unit: 's',
    }),
    stat({
      title: 'Escalations',
      about: 'How often a person was called in this time.',
      queries: [[rise('mpa_escalations_total', { over: '$__range' }), '']],
      decimals: 0,
      steps: ['green', [1, 'orange']],
    }),
  ];
}

function failing() {
  return [
    new RowBuilder('What is failing'),
    states({
      title: 'Targets',
      about: 'Each target as it was last looked at.',
      queries: [[`min by (target) (mpa_target_well{${TARGET}})`, '{{target}}']],
      words: { 0: ['unwell', 'red'], 1: ['well', 'green'] },
    }),
    states({
      title: 'Probes',
      about: 'Each probe as it was last made.',
      queries: [[`min by (target, probe) (mpa_probe_success{${TARGET}})`, '{{target}} {{probe}}']],
      words: { 0: ['failed', 'red'], 1: ['passed', 'green'] },
    }),
    bars({
      title: 'Incidents opened',
      about: 'By target.',
      queries: [[rise('mpa_incidents_opened_total', { by: ['target'], where: TARGET }), '{{target}}']],
    }),
    lines({
      title: 'How long probes take',
      about: 'A target that is about to fail is often slow first.',
      queries: [[`max by (target, probe) (mpa_probe_duration_seconds{${TARGET}})`, '{{target}} {{probe}}']],
      unit: 's',
      min: 0,
    }),
  ];
}

function done() {
  return [
    new RowBuilder('What was done, and how it went'),
    bars({
      title: 'Repairs',
      about: 'Mutating calls made on targets.',
      queries: [
        [rise('mpa_mutations_total', { by: ['target', 'action'], where: TARGET }), '{{target}} {{action}}'],
      ],
    }),
    bars({
      title: 'How incidents ended',
      about:
        'recovered: proved well after a repair. self-resolved: over before anything was touched. Those with a person have not ended.',
      queries: [[rise('mpa_incidents_total', { by: ['outcome'], where: TARGET }), '{{outcome}}']],
    }),
    heatmap({
      title: 'How long recoveries took',
      about: 'From the opening of an incident to its verified recovery, of all targets.',
      expr: rise('mpa_recovery_duration_seconds_bucket', { by: ['le'] }),
    }),
    lines({
      title: 'How long steps took',
      about: 'The 95th percentile of each action, by outcome.',
      queries: [
        [
          `histogram_quantile(0.95, ${rise('mpa_step_duration_seconds_bucket', { by: ['le', 'action', 'outcome'] })})`,
          '{{action}} {{outcome}}',
        ],
      ],
      unit: 's',
      min: 0,
    }),
    bars({
      title: 'Proofs',
      about: 'What came of looking whether a repair helped.',
      queries: [[rise('mpa_verifications_total', { by: ['result'] }), '{{result}}']],
    }),
    bars({
      title: 'Words of people',
      about: 'To single incidents, and to the agent as a whole.',
      queries: [
        [rise('mpa_person_words_total', { by: ['command'] }), '{{command}}'],
        [rise('mpa_controls_set_total', { by: ['kind'] }), '{{kind}}'],
      ],
    }),
  ];
}

function known() {
  return [
    new RowBuilder('What was known of the causes'),
    bars({
      title: 'Causes recognised',
      about: 'By who did, and whether a restart removes it.',
      queries: [
        [
          rise('mpa_diagnoses_total', { by: ['source', 'cause', 'restart_helps'] }),
          '{{source}}: {{cause}}, restart helps: {{restart_helps}}',
        ],
      ],
    }),
    bars({
      title: 'Restarts left out',
      about: 'They could not have helped, or the analyst advised against them.',
      queries: [[rise('mpa_restarts_avoided_total', { by: ['source'] }), '{{source}}']],
    }),
    bars({
      title: 'Analyses',
      about: 'Answered or remembered, or why the rules decided alone.',
      queries: [[rise('mpa_analyses_total', { by: ['result'] }), '{{result}}']],
    }),
    lines({
      title: 'How long analyses took',
      about: 'The 95th percentile, those included that gave no answer in time.',
      queries: [
        [`histogram_quantile(0.95, ${rise('mpa_analysis_duration_seconds_bucket', { by: ['le'] })})`, 'p95'],
      ],
      unit: 's',
      min: 0,
    }),
    bars({
      title: 'Tokens of analyses',
      about: 'Sent and received.',
      queries: [[rise('mpa_analysis_tokens_total', { by: ['direction'] }), '{{direction}}']],
    }),
    bars({
      title: 'Cost of analyses',
      about: 'US dollars, by the prices that are configured.',
      queries: [[rise('mpa_analysis_cost_usd_total'), 'US dollars']],
    }),
  ];
}

function refused() {
  return [
    new RowBuilder('What was refused, and who was called'),
    bars({
      title: 'Guards that objected',
      about: 'Which rule delayed a mutating step, sent it to approval or refused it.',
      queries: [
        [
          rise('mpa_guard_answers_total', { by: ['guard', 'verdict'], where: 'verdict!="allow"' }),
          '{{guard}}: {{verdict}}',
        ],
      ],
    }),
    bars({
      title: 'Protective actions',
      about:
        'Refusals to act on the agent itself or on what it stands on. Each is a rule, a route or a strategy to mend.',
      queries: [[rise('mpa_protective_actions_total', { by: ['layer', 'reason'] }), '{{layer}}: {{reason}}']],
    }),
    bars({
      title: 'Escalations',
      about: 'Why a person was called.',
      queries: [[rise('mpa_escalations_total', { by: ['reason'] }), '{{reason}}']],
    }),
    lines({
      title: 'Handovers that are not over',
      about: 'Those that nobody has acknowledged are said again.',
      queries: [['sum by (acknowledged) (mpa_escalations_open)', 'acknowledged: {{acknowledged}}']],
      min: 0,
    }),
    bars({
      title: 'Deliveries of escalations',
      about: 'One that fails is tried again until it is delivered.',
      queries: [
        [rise('mpa_escalation_deliveries_total', { by: ['channel', 'result'] }), '{{channel}}: {{result}}'],
      ],
    }),
    states({
      title: 'Breakers',
      about: 'Open: the budget of repairs is spent, and nothing is done until a person says so.',
      queries: [[`max by (target) (mpa_breaker_open{${TARGET}})`, '{{target}}']],
      words: { 0: ['closed', 'green'], 1: ['open', 'red'] },
    }),
    bars({
      title: 'Breakers opened',
      about: 'By target.',
      queries: [[rise('mpa_breakers_opened_total', { by: ['target'], where: TARGET }), '{{target}}']],
    }),
    lines({
      title: 'Held back by people',
      about: 'Maintenance windows that are open, and modes that somebody has set.',
      queries: [
        ['sum by (origin) (mpa_maintenance_open)', 'maintenance: {{origin}}'],
        ['sum by (target, mode) (mpa_mode_set)', 'mode {{mode}}: {{target}}'],
      ],
      min: 0,
    }),
    bars({
      title: 'Signals refused or ignored',
      about: 'Refused: the sender’s message or token is wrong. Ignored: it starts nothing, by reason.',
      queries: [
        [rise('mpa_signals_refused_total', { by: ['reason'] }), 'refused: {{reason}}'],
        [rise('mpa_signals_ignored_total', { by: ['reason'] }), 'ignored: {{reason}}'],
      ],
    }),
  ];
}

function itself() {
  return [
    new RowBuilder('The agent itself'),
    lines({
      title: 'Durable commits of the journal',
      about:
        'Nothing is acknowledged and nothing done before its commit: what is slow here is slow everywhere.',
      queries: [
        [
          'histogram_quantile(0.5, sum by (le) (rate(mpa_journal_commit_duration_seconds_bucket[$__rate_interval])))',
          'median',
        ],
        [
          'histogram_quantile(0.99, sum by (le) (rate(mpa_journal_commit_duration_seconds_bucket[$__rate_interval])))',
          '99 %',
        ],
      ],
      unit: 's',
      min: 0,
    }),
    bars({
      title: 'Trouble',
      about: 'Each of these should be empty.',
      queries: [
        [rise('mpa_journal_commit_failures_total'), 'commits that failed'],
        [rise('mpa_decision_failures_total'), 'decisions that failed'],
        [rise('mpa_effect_failures_total', { by: ['kind'] }), 'effects that failed: {{kind}}'],
        [rise('mpa_clock_jumps_total'), 'jumps of the clock'],
        [rise('mpa_journal_outage_seconds_total'), 'seconds without a journal'],
        [
          rise('mpa_alerts_truncated_total', { by: ['read_back'] }),
          'alerts left out (read back: {{read_back}})',
        ],
        [rise('mpa_runtime_events_lost_total', { by: ['runtime'] }), 'events lost: {{runtime}}'],
        [rise('mpa_runtime_events_unreadable_total', { by: ['runtime'] }), 'events unreadable: {{runtime}}'],
        [
          rise('mpa_runtime_events_disconnects_total', { by: ['runtime'] }),
          'event stream ended: {{runtime}}',
        ],
        ['sum(mpa_incidents_quarantined)', 'incidents set aside'],
      ],
    }),
    lines({
      title: 'Signals heard',
      about: 'By source, each minute; resends of Alertmanager included.',
      queries: [['60 * sum by (source) (rate(mpa_signals_received_total[$__rate_interval]))', '{{source}}']],
      min: 0,
    }),
    lines({
      title: 'Under way',
      about: 'Effects that run or wait, by kind.',
      queries: [['sum by (kind) (mpa_effects_pending)', '{{kind}}']],
      min: 0,
    }),
    lines({
      title: 'Events of the runtime',
      about:
        'Whether they are heard, and how late. While they are not, deaths are found by probes and alerts alone.',
      queries: [
        ['min by (runtime) (mpa_runtime_events_connected)', '{{runtime}} heard'],
        [
          'histogram_quantile(0.95, sum by (le, runtime) (rate(mpa_runtime_event_lag_seconds_bucket[$__rate_interval])))',
          '{{runtime}} lag, 95 % (s)',
        ],
      ],
      min: 0,
    }),
    lines({
      title: 'Event loop and memory',
      about: 'The watchdog ends an agent whose loop has not turned for 10 s.',
      queries: [
        [`max(nodejs_eventloop_lag_p99_seconds{${AGENT}})`, 'loop lag, 99 % (s)'],
        [`max(process_resident_memory_bytes{${AGENT}}) / 1e9`, 'memory (GB)'],
      ],
      min: 0,
    }),
    lines({
      title: 'How long effects take',
      about: 'The 95th percentile by kind: evidence, looks, calls, deliveries.',
      queries: [
        [
          `histogram_quantile(0.95, ${rise('mpa_effect_duration_seconds_bucket', { by: ['le', 'kind'] })})`,
          '{{kind}}',
        ],
      ],
      unit: 's',
      width: 8,
      min: 0,
    }),
    lines({
      title: 'Requests to the agent',
      about: 'The 95th percentile of each route. A webhook is answered when its alerts are in the journal.',
      queries: [
        [
          'histogram_quantile(0.95, sum by (le, method, route) (rate(mpa_http_request_duration_seconds_bucket[$__rate_interval])))',
          '{{method}} {{route}}',
        ],
      ],
      unit: 's',
      width: 8,
      min: 0,
    }),
    states({
      title: 'Knows itself',
      about: 'While the agent cannot tell which container it is, it mutates none.',
      queries: [['min(mpa_self_known)', 'knows itself']],
      width: 8,
      words: { 0: ['no', 'red'], 1: ['yes', 'green'] },
    }),
    logs({
      title: 'Log: warnings and errors',
      about: 'Of the agent, from Loki.',
      expr: '{compose_service="market-programmer-agent"} | json | level=~"warn|error|fatal"',
    }),
  ];
}
