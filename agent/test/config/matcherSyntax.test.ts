import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMatchers } from '../../src/config/matcherSyntax.ts';
import { describeMatcher, matchersHold } from '../../src/core/matcher.ts';

function matchersOf(text: string) {
  const parsed = parseMatchers(text);
  assert.ok(parsed.ok, `${text}: ${parsed.ok ? '' : parsed.reason}`);
  return parsed.matchers;
}

describe('a matcher is read as Alertmanager reads it', () => {
  const cases: readonly (readonly [text: string, means: readonly string[]])[] = [
    ['foo="bar"', ['foo="bar"']],
    ['foo=bar', ['foo="bar"']],
    [' foo = bar ', ['foo="bar"']],
    ['{foo="bar"}', ['foo="bar"']],
    ['foo=""', ['foo=""']],
    ['foo=', ['foo=""']],
    ['foo=bar baz', ['foo="bar baz"']],
    ['foo=~"a|b",bar!~c.*', ['foo=~"a|b"', 'bar!~"c.*"']],
    ['foo="a,b", bar!=x,', ['foo="a,b"', 'bar!="x"']],
    ['foo="say \\"a\\""', ['foo="say \\"a\\""']],
    ['foo=~"a\\.b"', ['foo=~"a\\\\.b"']],
    ['foo="a\\\\b"', ['foo="a\\\\b"']],
    ['foo="a\\nb"', ['foo="a\\nb"']],
    ['foo=a\\', ['foo="a\\\\"']],
    ['foo==x', ['foo="=x"']],
    ['"foo bar"="x"', ['foo bar="x"']],
    ['größe=~".+"', ['größe=~".+"']],
  ];
  for (const [text, means] of cases) {
    it(text, () => {
      assert.deepEqual(matchersOf(text).map(describeMatcher), means);
    });
  }

  for (const text of [
    '',
    '{}',
    'foo',
    '="x"',
    'foo="x',
    'foo=x"',
    'foo="a"b"',
    'a=b,,c=d',
    'foo=~"("',
    'a b=c',
  ]) {
    it(`${JSON.stringify(text)} is refused`, () => {
      assert.equal(parseMatchers(text).ok, false);
    });
  }
});

describe('a matcher matches as Alertmanager does', () => {
  const cases: readonly (readonly [text: string, labels: Record<string, string>, holds: boolean])[] = [
    ['a=~"b|bc"', { a: 'bc' }, true],
    ['a=~"b"', { a: 'abc' }, false],
    ['a=~"b$"', { a: 'b' }, true],
    ['a!~"b.*"', { a: 'bc' }, false],
    ['a!~"b.*"', {}, true],
    ['a=""', {}, true],
    ['a!=""', {}, false],
    ['a=~".*"', {}, true],
    ['a="x", b="y"', { a: 'x' }, false],
    ['a=~"(?i)down"', { a: 'DOWN' }, true],
  ];
  for (const [text, labels, holds] of cases) {
    it(`${text} ${holds ? 'holds' : 'does not hold'} for ${JSON.stringify(labels)}`, () => {
      assert.equal(matchersHold(matchersOf(text), labels), holds);
    });
  }

  it('takes linear time also for expressions that make others hang', () => {
    const [matcher] = matchersOf('a=~"(x+x+)+y"');
    assert.equal(matcher?.accepts('x'.repeat(20_000)), false);
  });
});
