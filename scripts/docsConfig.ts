// `npm run docs:config`: writes what is generated from the schema of the configuration and from the metrics. A test
// fails while it is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { ACTIONS } from '../agent/src/actions/index.ts';
import { patternsPage } from '../agent/src/config/patternsPage.ts';
import { editorSchemaFile, referencePage } from '../agent/src/config/reference.ts';
import { metricsPage } from '../agent/src/telemetry/reference.ts';

rewrite('docs/configuration.md', (page) => referencePage(page, ACTIONS));
rewrite('docs/patterns.md', patternsPage);
rewrite('docs/operations.md', metricsPage);
rewrite('agent/mpa.schema.json', () => editorSchemaFile(ACTIONS));

function rewrite(path: string, change: (text: string) => string): void {
  const file = new URL(`../${path}`, import.meta.url);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
