import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { shippedPatterns } from '../../src/config/shippedPatterns.ts';
import { RuleDiagnoser } from '../../src/diagnosis/ruleDiagnoser.ts';

const patterns = shippedPatterns();
const rules = new RuleDiagnoser(patterns);
const written = readFileSync(new URL('messages.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('# '));

describe('what software writes', () => {
  for (const one of written) {
    const [, name = '', line = ''] = /^(\S+) \| (.*)$/.exec(one) ?? [];
    it(`is recognised as ${name}: ${line}`, () => {
      const [kind = 'logs'] = patterns.find((pattern) => pattern.name === name)?.evidence ?? [];
      const evidence = { id: 'E1', kind, instance: 'shop-1', text: line, truncated: false };
      const ids = rules.diagnose('shop', [evidence], []).causes.map(({ id }) => id);
      assert.ok(ids.includes(name), ids.join(', '));
    });
  }
});
