import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from '../counts.ts';
import { GOOD_IF_ONE, GOOD_IF_ZERO, stat } from '../panels.ts';
import { TARGET } from './selectors.ts';

/** How many incidents that the agent had acted on ended in the time shown, with such an outcome. */
function ended(outcome: string): string {
  return rise('mpa_incidents_total', { where: `${TARGET},acted="true",outcome${outcome}`, over: '$__range' });
}

/** How it stands at this moment. */
export function now() {
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
        'Of the incidents that ended in this time and that the agent had acted on: the share that ended with the proof of its repair, also where a person was called meanwhile. The rest was mended by another hand, closed by a person or given up. Nothing is shown where it acted on none.',
      queries: [
        [
          // Where every repair was disproved there is no series of a recovered one: that is none, and not nothing.
          `(${ended('="recovered"')} or vector(0)) / ${ended('!~"suppressed|superseded"')}`,
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
