import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { timeOf } from '../../src/diagnosis/lineTime.ts';

const NOON = Date.UTC(2026, 0, 10, 12, 0, 0);

describe('the time of a line', () => {
  const cases: readonly (readonly [string, number, boolean])[] = [
    ['2026-01-10T12:00:00Z started', NOON, true],
    ['2026-01-10T12:00:00.123456789Z started', NOON + 123, true],
    ['2026-01-10T13:00:00+01:00 started', NOON, true],
    ['2026-01-10 07:00:00.5 -0500 started', NOON + 500, true],
    ['2026-01-10 12:00:00,250 INFO started', NOON + 250, false],
    ['2026/01/10 12:00:00 [notice] 1#1: start', NOON, false],
    ['[2026-01-10 12:00:00 +0000] [1] [INFO] x', NOON, true],
    ['INFO [2026-01-10 12:00:00] x', NOON, false],
    ['2026-01-10 12:00:00.000 UTC [1] LOG:  x', NOON, true],
    [`{"level":30,"time":${NOON},"msg":"x"}`, NOON, true],
    [`{"level":"info","ts":${NOON / 1_000}.25,"msg":"x"}`, NOON + 250, true],
    ['{"level":"info","time":"2026-01-10T12:00:00Z"}', NOON, true],
    ['{"@timestamp": "2026-01-10T12:00:00.000Z"}', NOON, true],
  ];
  for (const [line, time, hasZone] of cases)
    it(`is read from: ${line}`, () => {
      assert.deepEqual(timeOf(line), { at: time, hasZone });
    });

  for (const line of [
    '',
    'started',
    'x509: certificate has expired or is not yet valid: current time 2026-01-10T12:00:00Z is after',
    '{"msg":"x","expires":1768046400000}',
    '12:00:00 started',
  ])
    it(`is none of: ${line}`, () => {
      assert.equal(timeOf(line), null);
    });
});
