// `npm run docs:config`: writes what is generated from the schema of the configuration. A test fails while it is out
// of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { ACTIONS } from '../agent/src/actions/index.ts';
import { editorSchemaFile, referencePage } from '../agent/src/config/reference.ts';

const page = new URL('../docs/configuration.md', import.meta.url);
writeFileSync(page, referencePage(readFileSync(page, 'utf8'), ACTIONS));
writeFileSync(new URL('../agent/mpa.schema.json', import.meta.url), editorSchemaFile(ACTIONS));
