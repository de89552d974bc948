import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from '../counts.ts';
import { bars, heatmap, lines } from '../panels.ts';
import { ASKED } from './selectors.ts';

/** How fast forecasts are, and which fail. */
export function forecasts() {
  return [
    new RowBuilder('Forecasts'),
    lines({
      title: 'How long a forecast takes',
      about: 'From its request to its answer.',
      queries: [0.5, 0.95, 0.99].map((quantile) => [
        `histogram_quantile(${quantile}, sum by (le) (rate(predictor_forecast_duration_seconds_bucket[$__rate_interval])))`,
        quantile === 0.5 ? 'median' : `${quantile * 100} %`,
      ]),
      unit: 's',
      min: 0,
    }),
    bars({
      title: 'Forecasts that failed',
      about: 'By the code of the problem that was answered.',
      queries: [[rise('predictor_forecast_errors_total', { by: ['code'] }), '{{code}}']],
    }),
    lines({
      title: 'Requests',
      about: 'Each second, by status.',
      queries: [
        [`sum by (status) (rate(predictor_http_requests_total{${ASKED}}[$__rate_interval]))`, '{{status}}'],
      ],
      unit: 'reqps',
      min: 0,
    }),
    lines({
      title: 'How long requests take',
      about: 'The 95th percentile of each route. A fit or a backtest may take its time.',
      queries: [
        [
          `histogram_quantile(0.95, sum by (le, method, route) (rate(predictor_http_request_duration_seconds_bucket{${ASKED}}[$__rate_interval])))`,
          '{{method}} {{route}}',
        ],
      ],
      unit: 's',
      min: 0,
    }),
    heatmap({
      title: 'How forecasts’ times are spread',
      about: 'All forecasts by the time that they took.',
      expr: rise('predictor_forecast_duration_seconds_bucket', { by: ['le'] }),
      width: 24,
    }),
  ];
}
