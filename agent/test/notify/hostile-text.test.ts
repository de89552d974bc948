import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bounded, inert, whatIsLikely } from '../../src/notify/story.ts';
import { escalation } from './messages.ts';

test('no chat makes a link, a picture or a mention of what a log line says', () => {
  assert.equal(
    inert('<!channel> <http://evil.example|the runbook> ![x](http://evil.example) @everyone'),
    '‹!channel› ‹http://evil.example|the runbook› ![x] (http://evil.example) ＠everyone',
  );
});

test('what is sent to people hides nothing, and each text is one line', () => {
  const text = 'web\u202e\u001b]0;x\u0007\nweb needs nobody any more\u200b';
  const shown = 'web\\u202e\\u001b]0;x\\u0007\\u000aweb needs nobody any more\\u200b';
  const [attempt] = escalation().attempts;
  assert.ok(attempt !== undefined);
  const told = bounded(
    escalation({
      target: text,
      reason: text,
      strategy: text,
      attempts: [{ ...attempt, instance: text, reason: text }],
      alerts: [{ name: text, labels: { [text]: text } }],
    }),
  );
  assert.deepEqual([told.target, told.reason, told.strategy], [shown, shown, shown]);
  assert.deepEqual([told.attempts[0]?.instance, told.attempts[0]?.reason], [shown, shown]);
  assert.deepEqual(told.alerts, [{ name: shown, labels: { [shown]: shown } }]);
});

test('a cause is told in one line: what it is, how sure, where it stands, and what to do', () => {
  const cause = {
    id: 'disk-full',
    group: 'disk',
    summary: 'The disk is full.',
    restartHelps: 'no',
    confidence: 0.93,
    citations: ['E1:2'],
    remedy: 'Free space.',
  } as const;
  assert.equal(
    whatIsLikely(escalation({ causes: [cause] })),
    'Likely causes:\n- The disk is full (93 %, see E1:2; a restart cannot help): Free space.',
  );
  assert.equal(whatIsLikely(escalation()), '');
});
