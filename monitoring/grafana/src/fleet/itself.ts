import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from '../counts.ts';
import { bars, lines, logs, states } from '../panels.ts';
import { AGENT } from './selectors.ts';

/** How the agent itself is doing. */
export function itself() {
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
