import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { calibration } from './predictor/calibration.ts';
import { forecasts } from './predictor/forecasts.ts';
import { freshness } from './predictor/freshness.ts';
import { now } from './predictor/now.ts';
import { service } from './predictor/service.ts';
import { labelVariable } from './variables.ts';

/** Forecasts, and whether they can be believed. */
export function predictorDashboard(): Dashboard {
  return dashboard({
    title: 'Market Predictor',
    uid: 'mpa-predictor',
    about: 'Forecasts, how well calibrated and how fresh they are, and the versions that make them.',
    tag: 'market-predictor',
    variable: labelVariable('symbol', 'predictor_active_model_version'),
    parts: [...now(), ...forecasts(), ...calibration(), ...freshness(), ...service()],
  });
}
