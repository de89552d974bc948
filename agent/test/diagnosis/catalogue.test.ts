import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CausePattern, flawsOf } from '../../src/causePattern.ts';
import { shippedPatterns } from '../../src/config/shippedPatterns.ts';
import { RuleDiagnoser } from '../../src/diagnosis/ruleDiagnoser.ts';

const GROUPS = [
  'authentication',
  'configuration',
  'crashes',
  'databases',
  'dependencies',
  'disk',
  'files',
  'limits',
  'memory',
  'migrations',
  'network',
  'ports',
  'runtimes',
  'time',
  'tls',
];

/** Lines that also speak, and more surely, of something else. */
const TAKEN_BY_A_SURER_ONE: Readonly<Record<string, string>> = {};

const patterns = shippedPatterns();
const diagnoser = new RuleDiagnoser(patterns);

function causesOf(pattern: CausePattern, line: string) {
  const [kind = 'logs'] = pattern.evidence;
  return diagnoser.diagnose(
    'shop',
    [{ id: 'E1', kind, instance: 'shop-1', text: line, truncated: false }],
    [],
  ).causes;
}

describe('the catalogue of patterns', () => {
  it('has over 220 of them, as the documents say, in all groups', () => {
    assert.ok(patterns.length > 220, `${patterns.length}`);
    assert.deepEqual([...new Set(patterns.map(({ group }) => group))].sort(), GROUPS);
  });

  it('names each of them once', () => {
    const names = patterns.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  for (const pattern of patterns) {
    it(`${pattern.name} takes its example and leaves its counterexample`, () => {
      assert.ok(pattern.example !== null && pattern.counterexample !== null);
      assert.deepEqual(flawsOf(pattern), []);
    });

    it(`${pattern.name} is what its example is diagnosed as`, () => {
      const [first] = causesOf(pattern, pattern.example ?? '');
      assert.equal(first?.id, TAKEN_BY_A_SURER_ONE[pattern.name] ?? pattern.name);
      assert.deepEqual(first.citations, ['E1:1']);
    });

    it(`${pattern.name} is not what its counterexample is diagnosed as`, () => {
      const names = causesOf(pattern, pattern.counterexample ?? '').map(({ id }) => id);
      assert.ok(!names.includes(pattern.name), names.join(', '));
    });
  }

  it('never takes a line that a restart helps against for one that it cannot help against', () => {
    const helped = patterns.filter(({ restartHelps }) => restartHelps === 'yes');
    const wrong = helped.flatMap((pattern) =>
      causesOf(pattern, pattern.example ?? '')
        .filter(({ restartHelps }) => restartHelps === 'no')
        .map(({ id }) => `${pattern.name}: ${id}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('finds no cause in what healthy services write', () => {
    const wrong = patterns.flatMap((pattern) =>
      causesOf(pattern, pattern.counterexample ?? '')
        .filter(({ restartHelps, confidence }) => restartHelps === 'no' && confidence >= 0.8)
        .map(({ id }) => `${pattern.counterexample}: ${id}`),
    );
    assert.deepEqual(wrong, []);
  });
});
