import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from '../counts.ts';
import { GOOD_IF_ZERO, stat } from '../panels.ts';
import { ASKED, PREDICTOR, SYMBOL } from './selectors.ts';

/** How it stands at this moment. */
export function now() {
  return [
    new RowBuilder('Now'),
    stat({
      title: 'Service',
      about: 'Whether Prometheus reaches it.',
      queries: [[`min(up{${PREDICTOR}})`, '']],
      words: { 0: ['down', 'red'], 1: ['up', 'green'] },
    }),
    stat({
      title: 'Stale series',
      about: 'Series whose forecasts are marked as stale.',
      queries: [[`sum(predictor_forecast_stale{${SYMBOL}})`, '']],
      steps: GOOD_IF_ZERO,
    }),
    stat({
      title: 'Missing bars',
      about: 'Bars that the stalest series should have had since its newest one.',
      queries: [[`max(predictor_newest_bar_age_bars{${SYMBOL}})`, '']],
      steps: ['green', [2, 'orange'], [5, 'red']],
    }),
    stat({
      title: 'Skill, worst series',
      about: 'Above 0: better than the baseline. Below: the baseline would do better.',
      queries: [[`min(predictor_rolling_skill_ratio{${SYMBOL}})`, '']],
      unit: 'percentunit',
      decimals: 1,
      steps: ['red', [0, 'green']],
    }),
    stat({
      title: 'Forecasts',
      about: 'Answered in this time.',
      queries: [[rise('predictor_forecast_duration_seconds_count', { over: '$__range' }), '']],
      decimals: 0,
    }),
    stat({
      title: 'Errors',
      about: 'Share of requests that were answered with 5xx, in this time.',
      queries: [
        [
          rise('predictor_http_requests_total', { where: `status=~"5..",${ASKED}`, over: '$__range' }) +
            ' / ' +
            rise('predictor_http_requests_total', { where: ASKED, over: '$__range' }),
          '',
        ],
      ],
      unit: 'percentunit',
      decimals: 2,
      steps: ['green', [0.01, 'orange'], [0.05, 'red']],
    }),
    stat({
      title: 'Store errors',
      about: 'Writes and reads that the database refused, in this time.',
      queries: [[rise('predictor_store_errors_total', { over: '$__range' }), '']],
      decimals: 0,
      steps: GOOD_IF_ZERO,
    }),
    stat({
      title: 'Faults switched on',
      about: 'Faults that somebody asked for, to see them healed. None in production.',
      queries: [['sum(predictor_fault_active)', '']],
      steps: GOOD_IF_ZERO,
    }),
  ];
}
