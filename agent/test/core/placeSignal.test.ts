import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../../src/core/alert.ts';
import type { Context } from '../../src/core/context.ts';
import type { Draft } from '../../src/core/entry.ts';
import { placeSignal } from '../../src/core/intake.ts';
import type { Signal } from '../../src/core/signal.ts';
import { alert, settings, target } from '../engine/given.ts';
import { ended, entry, fleetOf, MINUTE_MS, NOW, opened } from './guards/request.ts';

function context(entries: readonly Draft[] = [], rest: Partial<Context> = {}): Context {
  const configured = rest.settings ?? settings({ targets: [target('web'), target('db')] });
  return {
    now: NOW,
    settings: configured,
    fleet: fleetOf(entries),
    targets: configured.targets,
    self: { kind: 'outside' },
    discoveryTrouble: null,
    ...rest,
  };
}

const heard = (at: number, incident: string, of: Alert): Draft =>
  entry(at, incident, 'web', {
    type: 'signal-heard',
    signal: { source: 'alertmanager', alert: of, receiver: 'agent' },
    trusted: true,
  });

const place = (of: Alert, where = context()) =>
  placeSignal({ source: 'alertmanager', alert: of, receiver: 'agent' }, where);
const firing = alert('web', { startsAt: NOW - MINUTE_MS });
const open = [opened(NOW - MINUTE_MS, 'i1', 'web'), heard(NOW - MINUTE_MS, 'i1', firing)];
const over = [...open, ended(NOW - 1_000, 'i1', 'web')];

test('an alert of a known target opens an incident there', () => {
  const placement = place(firing);
  assert.equal(placement.kind, 'open');
  assert.equal(placement.kind === 'open' && placement.place, 'web');
  assert.equal(placement.kind === 'open' && placement.trusted, true);
  assert.equal(placement.kind === 'open' && placement.trouble, null);
});

test('an incident’s reason is what was heard first, in one short line that is safe to print', () => {
  const reason = (signal: Signal) => {
    const placement = placeSignal(signal, context());
    return placement.kind === 'open' ? placement.reason : placement.kind;
  };
  const fired = (summary?: string): Signal => ({
    source: 'alertmanager',
    alert: { ...firing, annotations: summary === undefined ? {} : { summary } },
    receiver: 'agent',
  });
  const died = { event: 'died', instance: 'web-1', happenedAt: NOW, reason: 'exit code 1' } as const;
  assert.equal(reason(fired()), 'alert ServiceDown firing');
  assert.equal(reason(fired('web is down')), 'alert ServiceDown firing (web is down)');
  assert.equal(reason({ source: 'runtime', target: 'web', ...died }), 'web-1 died: exit code 1');
  assert.equal(
    reason({ source: 'probe', target: 'web', probe: 'health', state: 'failing', reason: 'HTTP 500' }),
    'probe health failing: HTTP 500',
  );
  assert.equal(
    reason({ source: 'person', target: 'web', who: 'ann', reason: 'it is slow' }),
    'ann asked for a recovery: it is slow',
  );
  assert.equal(reason(fired(`a\u001b[2J${'x'.repeat(1_000)}`)).length, 201 + '\\u001b'.length - 1);
});

test('a resend, an HA twin with its own start, and a resolved belong to the open episode', () => {
  const where = context(open);
  const resolved: Alert = { ...firing, status: 'resolved', endsAt: NOW };
  for (const one of [firing, { ...firing, startsAt: NOW - 30_000 }, resolved])
    assert.deepEqual(place(one, where), { kind: 'join', incident: 'i1', trusted: true });
});

test('another alert of the same target joins its open incident', () => {
  const other = alert('web', { fingerprint: 'other', startsAt: NOW - 1 });
  assert.deepEqual(place(other, context(open)), { kind: 'join', incident: 'i1', trusted: true });
});

test('resolved before firing is kept and starts nothing; the firing that comes late is looked at first', () => {
  const resolved: Alert = { ...firing, status: 'resolved', endsAt: NOW - 10_000 };
  const placement = place(resolved);
  assert.equal(placement.kind === 'ignore' && placement.code, 'resolved-unknown');
  const ignored = entry(NOW - 5_000, null, null, {
    type: 'signal-ignored',
    signal: { source: 'alertmanager', alert: resolved, receiver: 'agent' },
    code: 'resolved-unknown',
    reason: '',
  });
  const late = place(firing, context([ignored]));
  assert.equal(late.kind === 'open' && late.trusted, false);
});

test('a firing that began before its last episode was over is a late copy, to the millisecond', () => {
  const trusted = (startsAt: number) => {
    const placement = place({ ...firing, startsAt }, context(over));
    return placement.kind === 'open' && placement.trusted;
  };
  assert.equal(trusted(NOW - 1_001), false);
  assert.equal(trusted(NOW - 1_000), false);
  assert.equal(trusted(NOW - 999), true);
});

test('an alert that was under way for 15 min when first heard is looked at first, to the millisecond', () => {
  const trusted = (age: number) => {
    const placement = place({ ...firing, startsAt: NOW - age });
    return placement.kind === 'open' && placement.trusted;
  };
  assert.equal(trusted(15 * MINUTE_MS), true);
  assert.equal(trusted(15 * MINUTE_MS + 1), false);
});

test('an episode of an incident that began before what a start folds is over with it', () => {
  const tail = [heard(NOW - MINUTE_MS, 'old', firing), ended(NOW - 1_000, 'old', 'web')];
  assert.equal(place({ ...firing, startsAt: NOW }, context(tail)).kind, 'open');
});

test('an alert about the agent goes to a person and has no target, by whatever label it is named', () => {
  const self = { kind: 'container', id: 'a'.repeat(64), names: ['agent-1'], how: 'test' } as const;
  const alerts = [
    alert('market-programmer-agent'),
    alert('agent-1'),
    alert('x', { labels: { alertname: 'MarketProgrammerAgentDown' } }),
    alert('x', { labels: { alertname: 'Down', mpa_target: 'market-programmer-agent' } }),
  ];
  for (const one of alerts) {
    const placement = place(one, context([], { self }));
    assert.equal(placement.kind, 'open');
    assert.equal(placement.kind === 'open' && placement.target, null);
    assert.equal(placement.kind === 'open' && placement.trouble?.code, 'protected-target');
  }
});

test('two alerts about the agent are one matter for one person', () => {
  const first = entry(NOW - 1_000, 'i1', null, {
    type: 'incident-opened',
    id: 'i1',
    target: null,
    place: 'the agent itself',
    reason: '',
    deadlineAt: NOW,
    evidenceBy: NOW,
  });
  assert.equal(place(alert('market-programmer-agent'), context([first])).kind, 'join');
});

test('the agent’s own escalation that comes back to it starts nothing', () => {
  const own = alert('web', { labels: { alertname: 'MarketProgrammerAgentEscalation', service: 'web' } });
  const placement = place(own);
  assert.equal(placement.kind === 'ignore' && placement.code, 'own-escalation');
});

test('no target, and several, go to a person; when targets cannot be discovered that is said', () => {
  const none = place(alert('x'), context([], { discoveryTrouble: 'connect ENOENT' }));
  assert.equal(none.kind === 'open' && none.trouble?.code, 'no-target');
  assert.match(none.kind === 'open' ? none.reason : '', /cannot be discovered now: connect ENOENT/);
  const targets = [target('a', { aliases: ['x'] }), target('b', { aliases: ['x'] })];
  const several = place(alert('x'), context([], { targets }));
  assert.equal(several.kind === 'open' && several.trouble?.code, 'ambiguous-target');
});

test('a probe that passes opens nothing, of a known target and of an unknown one', () => {
  for (const name of ['web', 'gone']) {
    const passing = {
      source: 'probe',
      target: name,
      probe: 'http',
      state: 'passing',
      reason: '200',
    } as const;
    assert.equal(placeSignal(passing, context()).kind, 'ignore');
  }
});

test('mode off keeps the signal and starts nothing', () => {
  const placement = place(firing, context([], { settings: settings({ mode: 'off' }) }));
  assert.equal(placement.kind === 'ignore' && placement.code, 'mode-off');
});

test('while a person holds one instance down, the death of another and a person’s word are heard', () => {
  const stopped = entry(NOW - MINUTE_MS, null, 'web', {
    type: 'instance-stopped',
    instance: 'web-1',
    instanceId: 'one',
    by: 'stop',
  });
  const suppressed = ended(NOW - 30_000, 'i1', 'web', 'suppressed');
  const where = context([stopped, opened(NOW - 40_000, 'i1', 'web'), suppressed]);
  assert.equal(place(firing, where).kind, 'ignore');
  const died = { source: 'runtime', event: 'died', instance: 'web-2', happenedAt: NOW, reason: '' } as const;
  assert.equal(placeSignal({ ...died, target: 'web' }, where).kind, 'open');
  const asked = { source: 'person', target: 'web', who: 'ann', reason: 'start it' } as const;
  assert.equal(placeSignal(asked, where).kind, 'open');
});
