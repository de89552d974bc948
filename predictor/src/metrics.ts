import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Everything that the service says of itself to Prometheus. The gauges of a series are set when it changes. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    newestBarAge: new Gauge({
      name: 'predictor_newest_bar_age_bars',
      help: "Bars that the series should have had since its newest one, by the series' own calendar.",
      labelNames: ['symbol'],
      registers,
    }),
    newestBarTime: new Gauge({
      name: 'predictor_newest_bar_timestamp_seconds',
      help: 'The time of the newest bar that is served.',
      labelNames: ['symbol'],
      registers,
    }),
    coverage: new Gauge({
      name: 'predictor_rolling_coverage_ratio',
      help: 'The share of the last (at most 250) returns inside the one-bar interval of this level.',
      labelNames: ['symbol', 'level'],
      registers,
    }),
    crps: new Gauge({
      name: 'predictor_rolling_crps_percent',
      help: 'Mean CRPS of the last (at most 250) one-bar forecasts, in percent of return; of the baseline too.',
      labelNames: ['symbol', 'forecast'],
      registers,
    }),
    skill: new Gauge({
      name: 'predictor_rolling_skill_ratio',
      help: 'One less the rolling CRPS over that of the baseline; below 0 is worse than the baseline.',
      labelNames: ['symbol'],
      registers,
    }),
    version: new Gauge({
      name: 'predictor_active_model_version',
      help: 'The number of the active model version.',
      labelNames: ['symbol'],
      registers,
    }),
    stale: new Gauge({
      name: 'predictor_forecast_stale',
      help: '1 while forecasts of the series are marked as stale.',
      labelNames: ['symbol'],
      registers,
    }),
    forecastSeconds: new Histogram({
      name: 'predictor_forecast_duration_seconds',
      help: 'From the request of a forecast to its answer.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    forecastErrors: new Counter({
      name: 'predictor_forecast_errors_total',
      help: 'Forecasts that were answered with a problem, by its code.',
      labelNames: ['code'],
      registers,
    }),
    requests: new Counter({
      name: 'predictor_http_requests_total',
      help: 'Requests answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'predictor_http_request_duration_seconds',
      help: 'From the arrival of a request to the end of its answer, whatever it met on the way.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    fits: new Counter({
      name: 'predictor_fits_total',
      help: 'Fits of a model version: fitted, reused (nothing new to fit on), failed.',
      labelNames: ['symbol', 'outcome'],
      registers,
    }),
    refreshes: new Counter({
      name: 'predictor_refreshes_total',
      help: "Refreshes from a source: ok, bars-conflict (the good bars were taken), or the problem's code.",
      labelNames: ['symbol', 'outcome'],
      registers,
    }),
    rejectedBars: new Counter({
      name: 'predictor_rejected_bars_total',
      help: 'Bars that were not taken into a series, by verdict.',
      labelNames: ['symbol', 'verdict'],
      registers,
    }),
    storeErrors: new Counter({
      name: 'predictor_store_errors_total',
      help: 'Writes and reads that the database refused, by the code of the problem.',
      labelNames: ['code'],
      registers,
    }),
    faults: new Gauge({
      name: 'predictor_fault_active',
      help: '1 while a fault that was asked for is active; a repair ends stale and drift.',
      labelNames: ['kind'],
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
