import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryFolder } from '../lab/labFolder.ts';
import { shortenAlertmanager, shortenPrometheus, shortenRules } from './shorten.ts';

const shipped = (path: string) => readFileSync(join(repositoryFolder, 'monitoring', path), 'utf8');

test('every wait of the shipped configurations is shortened, and nothing else is touched', () => {
  const prometheus = shortenPrometheus(shipped('prometheus/prometheus.yml'));
  assert.match(prometheus, /scrape_interval: 2s\n/);
  assert.match(prometheus, /scrape_timeout: 1s\n/);
  assert.match(prometheus, /evaluation_interval: 2s\n/);

  const alertmanager = shortenAlertmanager(shipped('alertmanager/alertmanager.yml'));
  assert.match(alertmanager, /group_wait: 0ms/);
  assert.match(alertmanager, /group_wait: 60s/, 'five minutes for the agent');
  assert.match(alertmanager, /resolve_timeout: 5m/);
});

test('windows, offsets and thresholds that are times are shortened in the rules', () => {
  const rules = shortenRules(shipped('prometheus/rules/market-predictor.yml'));
  assert.doesNotMatch(rules, /\[\d+[mh]\]|>= 4\.5|, 120\)/);
  assert.match(rules, />= 0\.9/);
  assert.match(rules, /\[12s\], 24\)/);
  const agent = shortenRules(shipped('prometheus/rules/market-programmer-agent.yml'));
  assert.doesNotMatch(agent, /offset \d+m/);
});
