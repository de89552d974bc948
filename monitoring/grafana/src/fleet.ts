import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { done } from './fleet/done.ts';
import { failing } from './fleet/failing.ts';
import { itself } from './fleet/itself.ts';
import { known } from './fleet/known.ts';
import { now } from './fleet/now.ts';
import { refused } from './fleet/refused.ts';
import { labelVariable } from './variables.ts';

/** What is failing, what was done about it, how it went, and what was refused. */
export function fleetDashboard(): Dashboard {
  return dashboard({
    title: 'Fleet and recovery',
    uid: 'mpa-fleet',
    about: 'What is failing, what the agent did, how long it took, how often it worked, what it refused.',
    tag: 'market-programmer-agent',
    variable: labelVariable('target', 'mpa_target_well'),
    parts: [...now(), ...failing(), ...done(), ...known(), ...refused(), ...itself()],
  });
}
