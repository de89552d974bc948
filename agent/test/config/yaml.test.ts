// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how configuration writes a variable.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configOf, problemsOf } from './load.ts';

describe('a configuration that is not the YAML it should be', () => {
  const cases: readonly { readonly what: string; readonly text: string; readonly says: readonly RegExp[] }[] =
    [
      { what: 'is empty', text: '', says: [/^ the file is empty/] },
      { what: 'holds only a comment', text: '# nothing\n', says: [/^ the file is empty/] },
      {
        what: 'is indented by a tab',
        text: 'targets:\n\ta: {}\n',
        says: [/^2:1: a tab is used for indentation/],
      },
      {
        what: 'has a key twice',
        text: 'mode: off\njournal: {}\nmode: auto\n',
        says: [/^3:1: this key is written twice/],
      },
      {
        what: 'is cyclic',
        text: 'targets: &all\n  a: *all\n',
        says: [/^2:6: targets\.a: \*all stands inside of &all: the configuration is cyclic/],
      },
      { what: 'uses an anchor that is not there', text: 'mode: *nobody\n', says: [/^1:7: .*nobody/] },
      {
        what: 'holds two documents',
        text: 'mode: off\n---\nmode: auto\n',
        says: [/more than one YAML document/],
      },
      { what: 'is a list', text: '- a\n', says: [/^1:1: must be keys and values, not a list/] },
      { what: 'has a list for a key', text: '? [a]\n: b\n', says: [/a key must be a plain word/] },
      {
        what: 'has __proto__ for a key',
        text: '__proto__: {mode: off}\n',
        says: [/^1:1: __proto__ is not allowed/],
      },
      { what: 'has an unknown tag', text: 'mode: !secret off\n', says: [/^1:7: not valid YAML/] },
    ];
  for (const { what, text, says } of cases) {
    it(`is refused at its place when it ${what}`, () => {
      const problems = problemsOf(text);
      for (const expected of says) assert.match(problems.join('\n'), new RegExp(expected.source, 'm'));
    });
  }

  it('is refused when its aliases unfold to more than fits', () => {
    const levels = Array.from({ length: 9 }, (_, index) => {
      const item = index === 0 ? 'x' : `*l${index - 1}`;
      return `l${index}: &l${index} [${Array(9).fill(item).join(', ')}]`;
    });
    assert.match(problemsOf(levels.join('\n')).join('\n'), /the configuration has more than 100000 values/);
  });

  it('is refused when it is nested too deeply', () => {
    for (const depth of [100, 50_000]) {
      const problems = problemsOf(`targets: ${'['.repeat(depth)}${']'.repeat(depth)}`);
      assert.notEqual(problems.length, 0);
    }
  });

  it('is still checked for its meaning when only a key is written twice', () => {
    const problems = problemsOf('mode: off\nmode: automatic\n');
    assert.equal(problems.length, 2);
  });
});

describe('the environment in a configuration', () => {
  it('replaces variables, with defaults for those that are unset or empty', () => {
    const { edge } = configOf('journal: {path: "/${A}/${B:-b}/${C:-c}"}', { A: 'a', C: '' });
    assert.equal(edge.journal.path, '/a/b/c');
  });

  it('is an error where a variable without default is not set', () => {
    assert.deepEqual(problemsOf('journal:\n  path: ${NOWHERE}/j\n'), [
      '2:9: journal.path: needs the environment variable NOWHERE, which is not set; set it or write ${NOWHERE:-default}',
    ]);
  });

  it('gives plain values their type and leaves quoted ones as text', () => {
    const text = (value: string) => `default_strategies: ${value}\n`;
    assert.equal(configOf(text('${FLAG}'), { FLAG: 'false' }).settings.strategies.length, 0);
    assert.match(problemsOf(text('"${FLAG}"'), { FLAG: 'false' }).join(), /must be true or false/);
  });

  it('cannot bring in structure', () => {
    const problems = problemsOf('mode: ${MODE}\n', { MODE: 'auto\nserver: {listen: "0.0.0.0:1"}' });
    assert.match(problems.join(), /^1:7: mode: must not be \(a value from the environment\)/);
  });

  it('is never shown in a message', () => {
    const secret = 'hunter2-hunter2';
    for (const text of ['mode: ${S}', 'targets: {a: {container: a, probes: [{type: http, url: "${S}"}]}}']) {
      const problems = problemsOf(text, { S: secret }).join();
      assert.notEqual(problems, '');
      assert.ok(!problems.includes(secret), problems);
    }
  });

  it('leaves $${ as a plain ${', () => {
    assert.match(configOf('journal: {path: "/$${A}"}').edge.journal.path, /\$\{A\}$/);
  });

  it('says so where a variable is not finished', () => {
    assert.match(problemsOf('journal: {path: "/${1A}"}').join(), /unfinished variable/);
  });
});
