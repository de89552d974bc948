// `npm run dashboards`: writes grafana/dashboards/*.json. A test fails while they are out of date.
import { writeFileSync } from 'node:fs';
import { dashboardFiles } from './dashboards.ts';

for (const [name, text] of dashboardFiles()) {
  writeFileSync(new URL(`../dashboards/${name}`, import.meta.url), text);
  console.log(`monitoring/grafana/dashboards/${name}`);
}
