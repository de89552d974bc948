import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { fleetDashboard } from './fleet.ts';
import { predictorDashboard } from './predictor.ts';

/** All dashboards as Grafana reads them, by the name of their file. */
export function dashboardFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['fleet.json', fileOf(fleetDashboard())],
    ['predictor.json', fileOf(predictorDashboard())],
  ]);
}

function fileOf(dashboard: Dashboard): string {
  // Numbered from 1 in their order: Grafana would number them anew at each start, and links to panels hang on it.
  const panels = dashboard.panels?.map((panel, index) => ({ ...panel, id: index + 1 }));
  return `${JSON.stringify({ ...dashboard, panels }, null, 2)}\n`;
}
