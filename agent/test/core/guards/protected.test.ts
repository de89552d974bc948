import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { protectedGuard, protectionOf } from '../../../src/core/guards/protected.ts';
import { settings, target } from '../../engine/given.ts';
import { instance, request } from './request.ts';

const SELF = {
  kind: 'container',
  id: 'ab12'.repeat(16),
  names: ['mpa-agent-1', 'agent'],
  how: 'hostname',
} as const;

test('what is not protected is allowed', () => {
  assert.equal(protectedGuard(request({ self: SELF })).verdict, 'allow');
});

const own = {
  'its configured name is a target': request({ target: target('market-programmer-agent') }),
  'its configured name is an alias of a target': request({
    target: target('web', { aliases: ['market-programmer-agent'] }),
  }),
  'its own Compose service is a target': request({ target: target('agent'), self: SELF }),
  'its own container is an instance of a target': request({
    instances: [instance(), instance({ name: 'x', id: SELF.id })],
    self: SELF,
  }),
  'it knows its own id in short': request({
    instances: [instance({ id: SELF.id })],
    self: { ...SELF, id: SELF.id.slice(0, 12) },
  }),
  'a container is of its Compose service': request({
    instances: [instance({ name: 'shop-agent-1', service: 'agent' })],
    self: SELF,
  }),
  'a container bears its name': request({ instances: [instance({ name: 'mpa-agent-1' })], self: SELF }),
};

for (const [when, question] of Object.entries(own)) {
  test(`the agent never acts on itself: ${when}`, () => {
    const answer = protectedGuard(question);
    assert.equal(answer.verdict === 'refuse' && answer.code, 'self');
    assert.match(answer.reason, /the agent/);
  });
}

const stands = {
  'by name': request({ target: target('postgres'), settings: settings({ protectedNames: ['postgres'] }) }),
  'by alias': request({
    target: target('db', { aliases: ['postgres'] }),
    settings: settings({ protectedNames: ['postgres'] }),
  }),
  'by its own configuration': request({ target: target('postgres', { protected: true }) }),
  'by the Compose service of a container that was named outright': request({
    instances: [instance({ name: 'shop-alertmanager-1', service: 'alertmanager' })],
    settings: settings({ protectedNames: ['alertmanager'] }),
  }),
  'by the name of a container': request({
    instances: [instance({ name: 'socket-proxy' })],
    settings: settings({ protectedNames: ['socket-proxy'] }),
  }),
};

for (const [how, question] of Object.entries(stands)) {
  test(`what the agent stands on is protected ${how}`, () => {
    const answer = protectedGuard(question);
    assert.equal(answer.verdict === 'refuse' && answer.code, 'protected');
    assert.match(answer.reason, /is protected: the agent stands on it/);
  });
}

test('an agent in a container that cannot tell which one it is mutates no container, and says why', () => {
  const self = { kind: 'unknown', reason: 'no trace in mountinfo' } as const;
  const answer = protectedGuard(request({ self }));
  assert.equal(answer.verdict === 'refuse' && answer.code, 'self-unknown');
  assert.match(
    answer.reason,
    /cannot tell which container it is \(no trace in mountinfo\), so it mutates none/,
  );
  assert.equal(
    protectedGuard(request({ self, target: target('web', { runtime: 'local' }) })).verdict,
    'allow',
  );
});

test('ids that agree in fewer than 12 places are not the same container', () => {
  const short = { ...SELF, id: SELF.id.slice(0, 11) };
  assert.equal(protectionOf(target('web'), [instance({ id: SELF.id })], settings(), short), null);
});

test('no instance whose id begins with the agent’s own is ever allowed, wherever it stands among others', () => {
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(
      hex,
      fc.array(hex, { maxLength: 5 }),
      fc.nat(),
      fc.integer({ min: 12, max: 64 }),
      (id, others, place, cut) => {
        const instances = others.map((other, n) => instance({ id: other, name: `n${n}` }));
        instances.splice(place % (others.length + 1), 0, instance({ id, name: 'me' }));
        const self = { ...SELF, id: id.slice(0, cut) };
        assert.equal(protectedGuard(request({ instances, self })).verdict, 'refuse');
      },
    ),
  );
});
