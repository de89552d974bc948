import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAgent } from './openAgent.ts';
import { runMpa } from './runMpa.ts';

test('maintenance is started, listed and ended', async () => {
  await using agent = await openAgent();
  const start = ['maintenance', 'start', 'web', '--for', '30m', '--reason', 'upgrade'];
  const started = await runMpa(start, agent.environment);
  assert.match(started.out, /^maintenance (m-\S+) of web until 2026-01-01 00:30:00 UTC\n$/);
  const id = started.out.split(' ')[1] ?? '';
  agent.control.inForce = {
    ...agent.control.inForce,
    maintenance: [{ id, target: 'web', until: 0, who: 'ada', reason: 'upgrade' }],
    recurring: [{ targets: [], until: 1_000, reason: 'backups' }],
  };
  const listed = await runMpa(['maintenance'], agent.environment);
  assert.match(listed.out, new RegExp(`^${id} +web +1970`, 'm'));
  assert.match(listed.out, /^- +\(all\) +1970-01-01 00:00:01 +\(configuration\) +backups$/m);
  await runMpa(['maintenance', 'end', id, '--reason', 'done'], agent.environment);
  assert.deepEqual(
    agent.control.set.map(({ control, who }) => [control.kind, who]),
    [
      ['maintenance-start', 'ada'],
      ['maintenance-end', 'ada'],
    ],
  );
});

test('everything is never meant by leaving out a name', async () => {
  await using agent = await openAgent();
  for (const args of [
    ['maintenance', 'start', '--for', '30m', '--reason', 'x'],
    ['maintenance', 'start', 'web', '--all', '--for', '30m', '--reason', 'x'],
    ['mode', 'set', 'off', '--reason', 'x'],
    ['mode', 'clear', '--reason', 'x'],
    ['mode', 'set', 'off', '--target', 'web', '--all', '--reason', 'x'],
    ['mode', 'set', 'wild', '--all', '--reason', 'x'],
    ['maintenance', 'start', '--all', '--for', '30', '--reason', 'x'],
    ['breaker', 'reset', 'web'],
  ]) {
    const ran = await runMpa(args, agent.environment);
    assert.equal(ran.exitCode, 1, args.join(' '));
    assert.match(ran.err, /^error: /);
  }
  assert.deepEqual(agent.control.set, []);
});

test('a mode is set and taken back, and a breaker reset', async () => {
  await using agent = await openAgent();
  await runMpa(['mode', 'set', 'observe', '--all', '--reason', 'x'], agent.environment);
  await runMpa(['mode', 'clear', '--target', 'web', '--reason', 'x'], agent.environment);
  await runMpa(['breaker', 'reset', 'web', '--reason', 'x'], agent.environment);
  assert.deepEqual(
    agent.control.set.map(({ control }) => control),
    [
      { kind: 'mode', target: null, mode: 'observe' },
      { kind: 'mode', target: 'web', mode: null },
      { kind: 'breaker-reset', target: 'web' },
    ],
  );
});

test('who sets `auto` is told that a stricter configuration stands over it', async () => {
  await using agent = await openAgent();
  const set = (mode: string) => runMpa(['mode', 'set', mode, '--all', '--reason', 'x'], agent.environment);
  assert.equal(
    (await set('auto')).out,
    'mode of every target: auto, where the configuration is no stricter\n',
  );
  assert.equal((await set('observe')).out, 'mode of every target: observe\n');
});

test('modes that people set are shown', async () => {
  await using agent = await openAgent();
  assert.match((await runMpa(['mode'], agent.environment)).out, /^no mode is set/);
  agent.control.inForce = {
    ...agent.control.inForce,
    modes: [
      { target: null, mode: 'observe' },
      { target: 'web', mode: 'off' },
    ],
  };
  const shown = await runMpa(['mode', 'show'], agent.environment);
  assert.equal(shown.out, 'TARGET  MODE\n(all)   observe\nweb     off\n');
});

test('open breakers and what waits for approval are listed', async () => {
  await using agent = await openAgent();
  assert.equal((await runMpa(['breaker'], agent.environment)).out, 'no breaker is open\n');
  assert.equal((await runMpa(['approvals'], agent.environment)).out, 'nothing waits for approval\n');
  agent.control.inForce = {
    ...agent.control.inForce,
    breakers: [{ target: 'web', until: 0, reason: '3 in 10 min' }],
  };
  agent.control.waiting = [{ incident: 'inc-1', target: 'web', until: 0, reason: 'mode approve' }];
  assert.match(
    (await runMpa(['breaker'], agent.environment)).out,
    /^web +1970-01-01 00:00:00 +3 in 10 min$/m,
  );
  assert.match((await runMpa(['approvals'], agent.environment)).out, /^inc-1 +web +1970.* mode approve$/m);
});

test('a reload is answered with the version that is in force', async () => {
  await using agent = await openAgent();
  const reload = await runMpa(['reload'], agent.environment);
  assert.equal(reload.out, 'version s2 of the configuration is in force\n');
});
