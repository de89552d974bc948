import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explain } from '../../src/config/explain.ts';
import { shippedPatterns } from '../../src/config/shippedPatterns.ts';
import { configOf, problemsOf } from './load.ts';

const shipped = shippedPatterns();

/** A configuration with one pattern of its own; each line replaces or adds a key. */
function own(keys: Readonly<Record<string, string>>): string {
  const all = {
    name: 'licence-server-away',
    expression: "'licence server \\S+ does not answer'",
    cause: 'The licence server is away.',
    confidence: '0.9',
    restart_helps: 'no',
    remedy: 'Start it.',
    ...keys,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${value}`);
  return `diagnosis:\n  patterns:\n    - ${lines.join('\n      ')}\n`;
}

const factOf = (text: string, name: string) =>
  explain(configOf(text)).agent.find((fact) => fact.name === name)?.value;

describe('the diagnosis of a configuration', () => {
  it('is by all shipped patterns, where nothing is said', () => {
    const { edge, settings } = configOf('{}');
    assert.deepEqual(edge.diagnosis, { patterns: shipped, ownPatterns: 0 });
    assert.deepEqual(edge.redaction, { patterns: [] });
    assert.deepEqual(settings.diagnosis, { minimumConfidence: 0.8 });
  });

  it('is turned off', () => {
    assert.equal(configOf('diagnosis: { enabled: false }').edge.diagnosis, null);
  });

  it('withholds restarts from the confidence on that it names', () => {
    const { settings } = configOf('diagnosis: { minimum_confidence: 0.95 }');
    assert.equal(settings.diagnosis.minimumConfidence, 0.95);
  });

  it('has patterns of its own', () => {
    const { edge } = configOf(own({ example: 'the licence server 10.0.0.9 does not answer' }));
    assert.equal(edge.diagnosis?.patterns.length, shipped.length + 1);
    assert.deepEqual(edge.diagnosis.patterns.at(-1), {
      name: 'licence-server-away',
      group: 'own',
      expressions: ['licence server \\S+ does not answer'],
      cause: 'The licence server is away.',
      confidence: 0.9,
      restartHelps: 'no',
      remedy: 'Start it.',
      evidence: ['logs'],
      example: 'the licence server 10.0.0.9 does not answer',
      counterexample: null,
    });
  });

  it('replaces a shipped pattern by one of the same name', () => {
    const { edge } = configOf(own({ name: 'disk-full' }));
    assert.equal(edge.diagnosis?.patterns.length, shipped.length);
    assert.deepEqual(
      edge.diagnosis.patterns.filter(({ name }) => name === 'disk-full').map(({ cause }) => cause),
      ['The licence server is away.'],
    );
  });

  it('leaves out what it disables', () => {
    const { edge } = configOf('diagnosis: { disable: [disk-full, go-panic] }');
    const names = edge.diagnosis?.patterns.map(({ name }) => name) ?? [];
    assert.equal(names.length, shipped.length - 2);
    assert.ok(!names.includes('disk-full') && !names.includes('go-panic'));
  });

  it('changes the version of the configuration', () => {
    const version = (text: string) => configOf(text).settings.version;
    assert.notEqual(version('{}'), version('diagnosis: { disable: [disk-full] }'));
    assert.notEqual(version('{}'), version('redaction: { patterns: [CUST-\\d+] }'));
  });

  it('is told by check-config: how many patterns are in force', () => {
    const told = factOf(own({}), 'diagnosis');
    assert.match(told ?? '', new RegExp(`^${shipped.length + 1} patterns \\(1 of them in this file\\)`));
    assert.equal(factOf('diagnosis: { enabled: false }', 'diagnosis'), 'off: no causes are looked for');
    assert.match(
      factOf('redaction: { patterns: [CUST-\\d+] }', 'redaction') ?? '',
      /and 1 patterns of this file/,
    );
  });
});

describe('an error in a pattern', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'that is no RE2',
      own({ expression: "'a(?=b)'" }),
      /^4:19: diagnosis\.patterns\[0\]\.expression: "a\(\?=b\)" is no RE2 expression .*look-around and back-references are not available$/,
    ],
    [
      'one of whose expressions is no RE2',
      own({ expression: "['fine', 'a**']" }),
      /diagnosis\.patterns\[0\]\.expression\[1\]: "a\*\*" is no RE2 expression/,
    ],
    ['that matches every line', own({ expression: "'.*'" }), /expression: also matches an empty line/],
    [
      'whose example it does not take',
      own({ example: 'all is well' }),
      /diagnosis\.patterns\[0\]\.example: is not matched by the expression; correct one of them/,
    ],
    [
      'whose counterexample it takes',
      own({ counterexample: 'licence server x does not answer' }),
      /diagnosis\.patterns\[0\]\.counterexample: is matched by the expression/,
    ],
    ['without a remedy', own({ remedy: '' }), /diagnosis\.patterns\[0\]\.remedy: is required: a text/],
    [
      'with a word that is none of three',
      own({ restart_helps: 'maybe' }),
      /restart_helps: must not be the text "maybe".*allowed: yes, no, unknown/,
    ],
    ['that is too sure', own({ confidence: '1.5' }), /confidence: must be at most 1/],
    ['with a name that is no label', own({ name: 'Licence Server' }), /name: must be of lower-case letters/],
    [
      'with a key that does not exist',
      own({ restarts_help: 'no' }),
      /restarts_help: unknown key; did you mean "restart_helps"\?/,
    ],
    [
      'that is there twice',
      `${own({})}${own({}).split('\n').slice(2).join('\n')}`,
      /diagnosis\.patterns\[1\]\.name: there is another pattern "licence-server-away" before it/,
    ],
    [
      'that is disabled and not shipped',
      'diagnosis: { disable: [disk-ful] }',
      /diagnosis\.disable\[0\]: there is no shipped pattern "disk-ful"; did you mean "disk-full"\?/,
    ],
    [
      'of redaction',
      'redaction: { patterns: ["(a"] }',
      /redaction\.patterns\[0\]: "\(a" is no RE2 expression/,
    ],
    [
      'of redaction that takes nothing',
      'redaction: { patterns: ["a*"] }',
      /redaction\.patterns\[0\]: also matches nothing at all/,
    ],
  ];
  for (const [what, text, wanted] of cases)
    it(`${what} is told with its place`, () => {
      const problems = problemsOf(text);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', wanted);
    });
});
