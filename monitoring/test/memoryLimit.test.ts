import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { parse } from 'yaml';
import { readRules, repositoryFolder } from './ruleFiles.ts';

const MIB = 1024 * 1024;

/** What docker-compose.yml gives the predictor, bytes. */
function limitBytes(): number {
  // Our own file.
  const { services } = parse(readFileSync(join(repositoryFolder, 'docker-compose.yml'), 'utf8')) as {
    services: Readonly<Record<string, { readonly mem_limit?: string; readonly memswap_limit?: string }>>;
  };
  const { mem_limit, memswap_limit } = services['market-predictor'] ?? {};
  assert.equal(memswap_limit, mem_limit, 'without swap: what is over the limit is ended');
  return Number(/^(\d+)m$/.exec(mem_limit ?? '')?.[1]) * MIB;
}

it('the alerts on the predictor’s memory count on the limit that it is given, in their words too', () => {
  const about = readRules().alerts.filter(({ alert }) => /^MarketPredictorMemory/.test(alert));
  assert.ok(about.length >= 2);
  const limit = limitBytes();
  for (const { alert, expr, annotations } of about) {
    const numbers = [...expr.matchAll(/(\d+) \* 1024 \* 1024/g)].map(([, mib]) => Number(mib) * MIB);
    assert.ok(numbers.length > 0, alert);
    assert.deepEqual(new Set(numbers), new Set([limit]), alert);
    assert.match(annotations['description'] ?? '', new RegExp(`\\b${limit / MIB} MiB`), alert);
  }
});
