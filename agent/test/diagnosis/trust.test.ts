import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { shippedPatterns } from '../../src/config/shippedPatterns.ts';
import { adviceOf } from '../../src/core/advice.ts';
import { DEFAULT_DIAGNOSIS } from '../../src/core/settings.ts';
import { RuleDiagnoser } from '../../src/diagnosis/ruleDiagnoser.ts';
import { toneOf } from '../../src/diagnosis/tone.ts';

const rules = new RuleDiagnoser(shippedPatterns());

const read = (name: string) =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '));

/** What the rules advise about a service whose log ends with this line. */
function advised(line: string) {
  const evidence = {
    id: 'E1',
    kind: 'logs',
    instance: 'shop-1',
    text: `started\n${line}`,
    truncated: false,
  } as const;
  return adviceOf(rules.diagnose('shop', [evidence], []), DEFAULT_DIAGNOSIS);
}

describe('a restart is tried after', () => {
  for (const line of read('calm.txt'))
    it(line, () => {
      assert.equal(advised(line)?.reason, undefined);
    });
});

describe('no restart is tried after', () => {
  for (const line of read('hopeless.txt'))
    it(line, () => {
      assert.equal(advised(line)?.withhold, 'restarts');
    });
});

describe('the tone of a line', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['config.yml: no such file', 1],
    ['2026-01-10 ERROR config.yml: no such file', 1],
    ['2026-01-10 WARN config.yml: no such file', 0.9],
    ['{"level":40,"msg":"config.yml: no such file"}', 0.9],
    ['2026-01-10 INFO config.yml: no such file', 0.8],
    ['time=x level=debug msg="config.yml: no such file"', 0.8],
    ['{"level":"info","msg":"config.yml: no such file"}', 0.8],
    ['ERROR config.yml: no such file, using defaults', 0.7],
    ['ERROR reloading the INFORMATION_SCHEMA', 1],
  ];
  for (const [line, tone] of cases)
    it(`is ${tone} of: ${line}`, () => {
      assert.equal(toneOf(line), tone);
    });
});
