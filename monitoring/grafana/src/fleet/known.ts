import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from '../counts.ts';
import { bars, lines } from '../panels.ts';

/** What rules and analyses made of the evidence. */
export function known() {
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
