import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { SelfIdentity } from '../../src/core/guards/index.ts';
import { tellSelf } from '../../src/serve/selfWatch.ts';
import { openLog } from '../../src/telemetry/log.ts';
import { ManualClock } from '../fakes/clock.ts';

function watch(first: SelfIdentity) {
  const clock = new ManualClock();
  const lines: { readonly level: string; readonly msg: string }[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  const log = openLog({ level: 'info', format: 'json', isTty: false, clock, write });
  const over = new AbortController();
  let self = first;
  const settings = { selfNames: ['agent'], protectedNames: ['prometheus'] };
  const told = tellSelf({ self: () => self, settings, log, clock, signal: over.signal });
  const become = (next: SelfIdentity) => {
    self = next;
  };
  return { clock, lines, over, told, become };
}

it('an agent that knows itself says what it never touches, and no more', async () => {
  const { lines, told, clock } = watch({ kind: 'outside' });
  await told;
  assert.deepEqual(
    lines.map(({ level, msg }) => [level, msg]),
    [['info', 'never touched, besides the agent’s own container: agent, prometheus']],
  );
  assert.equal(clock.sleeping, 0);
});

it('one that does not know itself warns once, and says when it does', async () => {
  const { lines, told, clock, become } = watch({ kind: 'unknown', reason: 'no engine answers' });
  await clock.advance(60_000);
  assert.deepEqual(
    lines.slice(1).map(({ level, msg }) => [level, msg]),
    [
      [
        'warn',
        'the agent is in a container and not able to tell which, so nothing is mutated: no engine answers',
      ],
    ],
  );
  become({ kind: 'container', id: 'a'.repeat(64), names: ['healer'], how: 'mountinfo' });
  await clock.advance(1_000);
  await told;
  assert.equal(
    lines.at(-1)?.msg,
    'the agent knows itself now: container aaaaaaaaaaaa (healer), known by mountinfo',
  );
});

it('it ends with the agent', async () => {
  const { told, over, clock } = watch({ kind: 'unknown', reason: 'no engine answers' });
  over.abort(new Error('the agent stops'));
  await told;
  assert.equal(clock.sleeping, 0);
});
