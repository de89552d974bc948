import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { lines } from '../panels.ts';
import { SYMBOL } from './selectors.ts';

/** Whether forecasts can be believed. */
export function calibration() {
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
