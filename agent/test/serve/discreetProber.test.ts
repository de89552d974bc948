import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redactor } from '../../src/diagnosis/redaction/redactor.ts';
import { discreetProber } from '../../src/serve/discreetProber.ts';
import { targetWith } from '../sources/targets.ts';

test('what a probe found is told without its secrets, by the redaction that ships', async () => {
  const found = { name: 'http', ok: false, durationMs: 3 };
  const reason = 'status 500: {"password":"correct-horse-9"} \u001b[31m';
  const prober = discreetProber({ probe: async () => [{ ...found, reason }] }, new Redactor().redact);
  const [result] = await prober.probe(targetWith([]), AbortSignal.timeout(1_000));
  assert.deepEqual({ ...result, reason: '' }, { ...found, reason: '' });
  assert.match(result?.reason ?? '', /^status 500: .*redacted.* \\u001b\[31m$/);
  assert.doesNotMatch(result?.reason ?? '', /correct-horse/);
});
