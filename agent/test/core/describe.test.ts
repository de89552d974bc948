import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeEntry } from '../../src/core/describe.ts';
import { SAMPLE_BODIES, SAMPLE_SIGNAL, sampleEntry } from '../fakes/entries.ts';

test('every entry is one sentence that begins with the target', () => {
  for (const body of Object.values(SAMPLE_BODIES)) {
    const sentence = describeEntry(sampleEntry(body));
    assert.match(sentence, /^market-predictor: \S[^\n]+$/, body.type);
    assert.doesNotMatch(sentence, /undefined|NaN|\[object/, body.type);
  }
});

test('an entry without a target is about the agent', () => {
  const sentence = describeEntry(sampleEntry(SAMPLE_BODIES['agent-stopped'], { target: null }));
  assert.equal(sentence, 'agent: stopped: SIGTERM');
});

test('a recovery reads like a story', () => {
  const story = (
    [
      'incident-opened',
      'signal-heard',
      'strategy-chosen',
      'guards-answered',
      'mutation-started',
      'action-ended',
      'verification-ended',
      'incident-ended',
    ] as const
  ).map((type) => describeEntry(sampleEntry(SAMPLE_BODIES[type])).replace('market-predictor: ', ''));
  assert.deepEqual(story, [
    'incident inc-1 opened: alert ServiceDown firing',
    'heard: alert ServiceDown firing (market-predictor is down)',
    'strategy service-down chosen (auto): check_logs, then restart; alertname="ServiceDown" matches',
    'guards before step 2: grace says delay (started 2 s ago)',
    'restart of predictor-1 issued; then predictor-2',
    'step 2 on predictor-1 succeeded: restarted in 0.4 s',
    'proved: healthy for 10 s',
    'recovered: healthy for 10 s',
  ]);
});

test('an escape sequence in an annotation cannot steer the terminal', () => {
  const alert = SAMPLE_SIGNAL.source === 'alertmanager' ? SAMPLE_SIGNAL.alert : assert.fail();
  const signal = {
    ...SAMPLE_SIGNAL,
    alert: { ...alert, annotations: { summary: 'x\u001b[2J\nrecovered: nothing to see' } },
  };
  const sentence = describeEntry(sampleEntry({ type: 'signal-heard', signal, trusted: true }));
  assert.equal(
    sentence,
    'market-predictor: heard: alert ServiceDown firing (x\\u001b[2J\\u000arecovered: nothing to see)',
  );
});

test('a sentence stays short enough to read, whatever an alert says', () => {
  const sentence = describeEntry(sampleEntry({ type: 'quarantined', error: 'x'.repeat(100_000) }));
  assert.ok(sentence.length <= 1_001);
});
