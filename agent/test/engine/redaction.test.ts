import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanReport } from '../../src/engine/cleanReport.ts';
import { alert, Harness, START_AT } from './harness.ts';

const redact = (text: string) => text.replaceAll('hunter2', '[redacted]');

test('secrets are out of what an action found before it is journaled, however deep they lie', () => {
  const output = {
    source: 'docker',
    logs: [{ instance: 'web-1', text: 'a\npassword hunter2\n\u001b[2J', truncated: false, lines: 2 }],
    none: null,
  };
  const cleaned = cleanReport(
    { key: 'k', kind: 'acted', result: { outcome: 'failed', reason: 'said hunter2', output } },
    redact,
  );
  assert.deepEqual(cleaned, {
    key: 'k',
    kind: 'acted',
    result: {
      outcome: 'failed',
      reason: 'said [redacted]',
      output: {
        source: 'docker',
        logs: [{ instance: 'web-1', text: 'a\npassword [redacted]\n\\u001b[2J', truncated: false, lines: 2 }],
        none: null,
      },
    },
  });
});

test('secrets are out of what was seen, and of what a channel answered', () => {
  const observation = {
    at: START_AT,
    runtime: { ok: false, reason: 'hunter2 refused' },
    probes: [{ name: 'http', ok: false, reason: 'body: hunter2', durationMs: 1 }],
    symptoms: [{ fingerprint: 'f', verdict: 'unknown', reason: 'HTTP 400: hunter2' }],
  } as const;
  const looked = JSON.stringify(cleanReport({ key: 'k', kind: 'looked', observation }, redact));
  assert.doesNotMatch(looked, /hunter2/);
  assert.equal(looked.split('[redacted]').length, 4);
  const notified = cleanReport(
    {
      key: 'k',
      kind: 'notified',
      channel: 'people',
      delivered: false,
      withdrawal: false,
      reason: 'HTTP 403: hunter2',
    },
    redact,
  );
  assert.equal(notified.kind === 'notified' && notified.reason, 'HTTP 403: [redacted]');
});

test('nothing of a secret reaches the journal, from alert to end', async () => {
  const harness = new Harness(undefined, undefined, null, { redact });
  harness.runtime.run('web');
  harness.runtime.logs = async () => ({ text: 'token hunter2', truncated: false });
  harness.runtime.evidence = async ({ name }, found) => {
    found({ kind: 'inspect', instance: name, text: 'error: hunter2', truncated: false });
    found({ kind: 'logs', instance: name, text: 'token hunter2', truncated: false });
    return { missing: ['stats of web-1: hunter2'] };
  };
  await harness.start();
  harness.runtime.die('web-1');
  await harness.fire(
    alert('web', {
      annotations: { summary: 'hunter2 leaked' },
      generatorUrl: 'http://user:hunter2@prometheus/graph',
    }),
  );
  await harness.pass(60_000);
  assert.deepEqual(harness.outcomes(), ['recovered']);
  const written = JSON.stringify(harness.content.entries);
  assert.doesNotMatch(written, /hunter2/);
  assert.match(written, /\[redacted\] leaked/);
});
