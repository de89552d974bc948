import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from '../counts.ts';
import { bars, lines, states } from '../panels.ts';
import { SYMBOL } from './selectors.ts';

/** How new the bars are that forecasts stand on, and the versions that make them. */
export function freshness() {
  return [
    new RowBuilder('Freshness and versions'),
    lines({
      title: 'Missing bars',
      about: 'Bars that each series should have had since its newest one, by its own calendar.',
      queries: [[`predictor_newest_bar_age_bars{${SYMBOL}}`, '{{symbol}}']],
      min: 0,
    }),
    states({
      title: 'Stale',
      about: 'Whether the forecasts of a series are marked as stale.',
      queries: [[`max by (symbol) (predictor_forecast_stale{${SYMBOL}})`, '{{symbol}}']],
      words: { 0: ['fresh', 'green'], 1: ['stale', 'red'] },
    }),
    lines({
      title: 'Age of the newest bar',
      about: 'By the clock: it grows over nights and weekends.',
      queries: [[`time() - predictor_newest_bar_timestamp_seconds{${SYMBOL}}`, '{{symbol}}']],
      unit: 's',
      min: 0,
    }),
    bars({
      title: 'Refreshes',
      about: 'From the source; by outcome, which is ok or the code of the problem.',
      queries: [
        [
          rise('predictor_refreshes_total', { by: ['symbol', 'outcome'], where: SYMBOL }),
          '{{symbol}} {{outcome}}',
        ],
      ],
    }),
    bars({
      title: 'Bars that were not taken',
      about: 'By why.',
      queries: [
        [
          rise('predictor_rejected_bars_total', { by: ['symbol', 'verdict'], where: SYMBOL }),
          '{{symbol}} {{verdict}}',
        ],
      ],
    }),
    lines({
      title: 'Active version',
      about: 'The number of the model version that forecasts; it falls when one is rolled back.',
      queries: [[`predictor_active_model_version{${SYMBOL}}`, '{{symbol}}']],
      unit: 'none',
    }),
    bars({
      title: 'Fits',
      about: 'By outcome; reused: nothing new to fit on.',
      queries: [
        [
          rise('predictor_fits_total', { by: ['symbol', 'outcome'], where: SYMBOL }),
          '{{symbol}} {{outcome}}',
        ],
      ],
    }),
    bars({
      title: 'What the agent did to it',
      about: 'Repairs of the Market Programmer Agent, to be seen beside what they changed.',
      queries: [
        [rise('mpa_mutations_total', { by: ['action'], where: 'target="market-predictor"' }), '{{action}}'],
      ],
    }),
  ];
}
