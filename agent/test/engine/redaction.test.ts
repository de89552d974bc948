import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisQuestion } from '../../src/core/diagnosis.ts';
import { DEFAULT_ANALYSIS } from '../../src/core/settings.ts';
import { cleanReport } from '../../src/engine/cleanReport.ts';
import type { Analyst } from '../../src/ports.ts';
import { alert, START_AT, settings } from './given.ts';
import { Harness } from './harness.ts';

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

test('nothing of a secret goes to a model, and what it or its server says of one is not kept', async () => {
  const usage = { inputTokens: 1, outputTokens: 1, costUsd: 0, turns: 1 };
  const asked: AnalysisQuestion[] = [];
  const said = 'it is hunter2';
  const cause = {
    id: 'hunter2',
    group: 'other',
    summary: said,
    restartHelps: 'unknown',
    confidence: 1,
    citations: [],
    remedy: said,
  } as const;
  const analysis = {
    model: 'test model',
    causes: [cause],
    advice: { from: 'analyst', strategy: null, withhold: 'nothing', person: 'as-planned', reason: said },
    confidence: 1,
    lookAt: [said],
    voided: 0,
    remembered: false,
  } as const;
  for (const answer of [
    { ok: true, analysis, usage },
    { ok: false, code: 'rate-limited', reason: 'answered 429: hunter2', usage },
  ] as const) {
    const analyst: Analyst = {
      model: 'test model',
      analyse: async (question) => {
        asked.push(question);
        return answer;
      },
    };
    const harness = new Harness(settings({ analysis: DEFAULT_ANALYSIS }), undefined, null, {
      redact,
      analyst,
    });
    harness.runtime.run('web');
    await harness.start();
    harness.runtime.die('web-1');
    const { labels, ...rest } = alert('web');
    await harness.fire({ ...rest, labels: { ...labels, dsn: 'hunter2@db' } });
    await harness.pass(60_000);
    assert.doesNotMatch(JSON.stringify(harness.said('analysis-ended')), /hunter2/);
    assert.match(JSON.stringify(harness.said('analysis-ended')), /\[redacted\]/);
  }
  assert.deepEqual(
    asked.map(({ labels }) => labels['dsn']),
    ['[redacted]@db', '[redacted]@db'],
  );
});

test('no question about the logs finds a secret by its text, nor lines of a key without its beginning', async () => {
  const secretive = (text: string) => text.replaceAll(/BEGIN\n.*\nEND|hunter2/g, '[redacted]');
  const told: string[] = [];
  const usage = { inputTokens: 1, outputTokens: 1, costUsd: 0, turns: 1 };
  const analyst: Analyst = {
    model: 'test model',
    analyse: async (_question, tools) => {
      for (const contains of ['hunt', 'bodyOfKey', 'END', null]) {
        told.push((await tools.moreLogs({ lines: contains === null ? 2 : 10, contains })).text);
      }
      return { ok: false, code: 'refused', reason: 'it was a test', usage };
    },
  };
  const harness = await Harness.started(settings({ analysis: DEFAULT_ANALYSIS }), {
    redact: secretive,
    analyst,
  });
  harness.runtime.logs = async () => ({
    text: 'password hunter2\nBEGIN\nbodyOfKey\nEND\nlast',
    truncated: false,
  });
  harness.runtime.die('web-1');
  await harness.fire(alert('web'));
  await harness.pass(60_000);
  assert.deepEqual(told, ['', '', '', '[redacted]\nlast']);
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

test('the reason of an incident tells what was heard without the secrets in it', async () => {
  const harness = await Harness.started(settings(), { redact });
  await harness.fire(alert('web', { annotations: { summary: 'login with hunter2 fails' } }));
  const [{ reason } = { reason: '' }] = harness.engine.openIncidents();
  assert.equal(reason, 'alert ServiceDown firing (login with [redacted] fails)');
});
