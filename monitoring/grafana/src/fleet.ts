import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { done } from './fleet/done.ts';
import { failing } from './fleet/failing.ts';
import { itself } from './fleet/itself.ts';
import { known } from './fleet/known.ts';
import { now } from './fleet/now.ts';
import { refused } from './fleet/refused.ts';
import { labelVariable } from './variables.ts';

/** What is failing, what was done about it, how it went, and what was refused. */
export function fleetDashboard(): Dashboard {
  return [...now(), ...failing(), ...done(), ...known(), ...refused(), ...itself()]
    .reduce(
      (dashboard, part) => (part instanceof RowBuilder ? dashboard.withRow(part) : dashboard.withPanel(part)),
      new DashboardBuilder('Fleet and recovery')
        .uid('mpa-fleet')
        .description(
          'What is failing, what the agent did, how long it took, how often it worked, what it refused.',
        )
        .tags(['market-programmer-agent'])
        .readonly()
        .time({ from: 'now-6h', to: 'now' })
        .refresh('30s')
        .tooltip(DashboardCursorSync.Crosshair)
        .withVariable(labelVariable('target', 'mpa_target_well')),
    )
    .build();
}
