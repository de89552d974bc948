import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configOf, problemsOf } from './load.ts';

const withQuery = (query: string) => `loki: { url: "http://logs:3100", query: '${query}' }`;

describe('loki', () => {
  it('needs no more than an address: lines are selected by the Compose service', () => {
    const { edge } = configOf('loki: { url: "http://logs:3100/" }');
    assert.deepEqual(edge.loki, {
      url: 'http://logs:3100',
      token: null,
      tenant: null,
      query: '{compose_service="{{ service }}"}',
    });
  });

  it('is asked with a tenant and a query of one’s own', () => {
    const text = `loki: { url: "http://logs:3100", tenant: "shop|ops", query: '{app="{{ target }}"}' }`;
    const { loki } = configOf(text).edge;
    assert.deepEqual([loki?.tenant, loki?.query], ['shop|ops', '{app="{{ target }}"}']);
  });

  it('is never mutated: its host is protected', () => {
    assert.ok(configOf('loki: { url: "http://logs:3100" }').settings.protectedNames.includes('logs'));
  });

  for (const [what, query, says] of [
    ['is no LogQL', '{app="{{ target }}"', /loki\.query.*is no LogQL/],
    ['has a name outside of a string', '{app={{ target }}}', /outside of a string in double quotes/],
    ['has an unknown placeholder', '{app="{{ labels.app }}"}', /unknown placeholder/],
    ['asks for numbers', 'rate({app="a"}[5m])', /lines are wanted/],
  ] as const) {
    it(`refuses a query that ${what}`, () => {
      const [problem, ...others] = problemsOf(withQuery(query));
      assert.match(problem ?? '', says);
      assert.deepEqual(others, []);
    });
  }

  it('refuses a tenant that no header can carry', () => {
    assert.match(problemsOf('loki: { url: "http://l", tenant: "a b" }').join(), /must be letters/);
  });
});
