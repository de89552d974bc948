import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from '../counts.ts';
import { bars, heatmap, lines } from '../panels.ts';
import { TARGET } from './selectors.ts';

/** What the agent did, and how it went. */
export function done() {
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
        'recovered: proved well after a repair. self-resolved: over by another hand, with nothing touched or with a repair that was disproved. Those with a person have not ended.',
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
