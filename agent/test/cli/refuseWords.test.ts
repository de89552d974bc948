import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAgent } from './openAgent.ts';
import { runMpa } from './runMpa.ts';

for (const [typed, meant] of [
  [['incidents', 'mwu-1'], 'mpa incidents show mwu-1'],
  [['incidents', 'list', 'mwu-1'], 'mpa incidents show mwu-1'],
  [['maintenance', 'web'], 'mpa maintenance start TARGET --for 30m --reason TEXT'],
  [['breaker', 'web'], 'mpa breaker reset web --reason TEXT'],
  [['mode', 'observe'], 'mpa mode set off|observe|approve|auto --target NAME --reason TEXT'],
] as const) {
  test(`who types mpa ${typed.join(' ')} is told what to type`, async () => {
    await using agent = await openAgent();
    const { err, out, exitCode } = await runMpa(typed, agent.environment);
    assert.deepEqual([out, exitCode], ['', 1]);
    const [group, ...words] = typed;
    assert.match(err, new RegExp(`^error: \`mpa ${group}\` has no command '${words.at(-1)}'; to \\w+ \\w+`));
    assert.ok(err.includes(`: ${meant}\n`), err);
  });
}
