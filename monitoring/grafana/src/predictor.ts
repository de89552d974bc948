import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from './counts.ts';
import { bars, GOOD_IF_ZERO, heatmap, lines, logs, stat, states } from './panels.ts';
import { labelVariable } from './variables.ts';

const SYMBOL = 'symbol=~"$symbol"';
const PREDICTOR = 'job="market-predictor"';
/** What people and programs ask, without what watches the service. */
const ASKED = 'route!~"/metrics|/-/ready"';

/** Forecasts, and whether they can be believed. */
export function predictorDashboard(): Dashboard {
  return [...now(), ...forecasts(), ...calibration(), ...freshness(), ...service()]
    .reduce(
      (dashboard, part) => (part instanceof RowBuilder ? dashboard.withRow(part) : dashboard.withPanel(part)),
      new DashboardBuilder('Market Predictor')
        .uid('mpa-predictor')
        .description(
          'Forecasts, how well calibrated and how fresh they are, and the versions that make them.',
        )
        .tags(['market-predictor'])
        .readonly()
        .time({ from: 'now-6h', to: 'now' })
        .refresh('30s')
        .tooltip(DashboardCursorSync.Crosshair)
        .withVariable(labelVariable('symbol', 'predictor_active_model_version')),
    )
    .build();
}

function now() {
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

function forecasts() {
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

function calibration() {
  return [
    new RowBuilder('Calibration and skill'),
    lines({
      title: 'Coverage',
      about:
        'The share of the last returns (at most 250) inside the interval of each level: near the level is right, below it the intervals are too narrow.',
      queries: [[`predictor_rolling_coverage_ratio{${SYMBOL}}`, '{{symbol}} at {{level}}']],
      unit: 'percentunit',
      min: 0,
      max: 1,
    }),
    lines({
      title: 'Skill',
      about: 'One less the CRPS over that of the baseline. Above 0: better than the baseline.',
      queries: [[`predictor_rolling_skill_ratio{${SYMBOL}}`, '{{symbol}}']],
      unit: 'percentunit',
      steps: ['red', [0, 'green']],
    }),
    lines({
      title: 'CRPS',
      about:
        'The mean error of the last one-bar forecasts (at most 250) as distributions, in percent of return; lower is better.',
      queries: [[`predictor_rolling_crps_percent{${SYMBOL}}`, '{{symbol}} {{forecast}}']],
      min: 0,
      width: 24,
    }),
  ];
}

function freshness() {
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

function service() {
  return [
    new RowBuilder('The service'),
    lines({
      title: 'Memory',
      about: 'It is restarted before the OOM killer ends it.',
      queries: [
        [`max(process_resident_memory_bytes{${PREDICTOR}})`, 'resident'],
        [`max(nodejs_heap_size_used_bytes{${PREDICTOR}})`, 'heap in use'],
      ],
      unit: 'bytes',
      min: 0,
    }),
    lines({
      title: 'Event loop',
      about: 'How late the loop turns; a fit runs in a thread of its own and does not hold it up.',
      queries: [
        [`max(nodejs_eventloop_lag_p99_seconds{${PREDICTOR}})`, '99 %'],
        [`max(nodejs_eventloop_lag_max_seconds{${PREDICTOR}})`, 'longest'],
      ],
      unit: 's',
      min: 0,
    }),
    bars({
      title: 'Faults switched on',
      about: 'By kind.',
      queries: [['max by (kind) (predictor_fault_active)', '{{kind}}']],
    }),
    bars({
      title: 'Store errors',
      about: 'By the code of the problem.',
      queries: [[rise('predictor_store_errors_total', { by: ['code'] }), '{{code}}']],
    }),
    logs({
      title: 'Log: warnings and errors',
      about: 'Of the predictor, from Loki; also of containers that are gone.',
      expr: '{compose_service="market-predictor"} | json | level >= 40',
    }),
  ];
}
