import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { metricsPage } from '../../src/telemetry/reference.ts';
import { root } from './documents.ts';

it('the table of metrics is what the agent has (npm run docs:config)', () => {
  const page = readFileSync(`${root}docs/operations.md`, 'utf8');
  assert.match(page, /`mpa_build_info`/);
  assert.equal(page, metricsPage(page));
});
