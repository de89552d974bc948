import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parser } from '@grafana/lezer-logql';
import fc from 'fast-check';
import { LogqlTemplate } from '../src/logqlTemplate.ts';

function templateOf(text: string): LogqlTemplate {
  const parsed = LogqlTemplate.parse(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.template;
}

/** The kinds of nodes of a query in order: two of the same shape differ in their texts at most. */
function shapeOf(query: string): readonly string[] {
  const shape: string[] = [];
  parser.parse(query).iterate({ enter: ({ name, type }) => void shape.push(type.isError ? 'broken' : name) });
  return shape;
}

/** What the strings in double quotes of a query say, as Go reads them. */
function stringsOf(query: string): readonly string[] {
  const strings: string[] = [];
  parser.parse(query).iterate({
    enter: ({ name, from, to }) => {
      // The escapes that are used are JSON's too.
      if (name === 'String') strings.push(JSON.parse(query.slice(from, to)));
    },
  });
  return strings;
}

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '}', '{', '`', '\n', '#', '|', '=', '~', 'a', ' ', '\ud800'),
  }),
  fc.constantFrom(
    'x"} or {job=~".+',
    'x\\',
    'x" | line_format "{{.secret}}',
    '{{ target }}',
    '\\"',
    '$&',
    "$'",
  ),
);

describe('a name in a query', () => {
  test('is what its string says and nothing else, whatever the name is', () => {
    const template = templateOf('{job="docker", compose_service="{{ target }}"} |= "a"');
    const plain = shapeOf(template.fill({ target: 'web', service: 'web' }));
    fc.assert(
      fc.property(nasty, (name) => {
        const query = template.fill({ target: name, service: '' });
        assert.deepEqual(shapeOf(query), plain);
        assert.deepEqual(stringsOf(query), ['docker', name.toWellFormed(), 'a']);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is taken literally in a pattern', () => {
    const template = templateOf('{container=~"shop-{{ service }}-[0-9]+"}');
    const plain = shapeOf(template.fill({ target: 'web', service: 'web' }));
    fc.assert(
      fc.property(nasty, (name) => {
        const query = template.fill({ target: '', service: name });
        assert.deepEqual(shapeOf(query), plain);
        // RE2's syntax of what is used here is that of JavaScript without the flag `u`.
        const pattern = new RegExp(`^(?:${stringsOf(query)[0]})$`);
        assert.match(`shop-${name.toWellFormed()}-12`, pattern);
        if (name !== '') assert.doesNotMatch(`shop-${name.toWellFormed()}x-12`, pattern);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is taken literally in the filters that are patterns, and in no others', () => {
    const names = { target: 'a.b', service: 'c+d' };
    const fill = (text: string) => templateOf(text).fill(names);
    assert.equal(fill('{a="b"} |~ "x{{ target }}"'), '{a="b"} |~ "xa\\\\.b"');
    assert.equal(fill('{a="b"} !~ "{{ service }}"'), '{a="b"} !~ "c\\\\+d"');
    assert.equal(fill('{a="b"} |~ "x" or "{{ target }}"'), '{a="b"} |~ "x" or "a\\\\.b"');
    assert.equal(fill('{a="b"} | x=~"{{target}}"'), '{a="b"} | x=~"a\\\\.b"');
    assert.equal(fill('{a="b"} |= "{{ target }}" != "{{ service }}"'), '{a="b"} |= "a.b" != "c+d"');
  });

  test('leaves to LogQL what is its own', () => {
    const text = '{a="{{ target }}"} | json | line_format "{{.level}} {{ __line__ }}"';
    assert.equal(
      templateOf(text).fill({ target: 'web', service: '' }),
      '{a="web"} | json | line_format "{{.level}} {{ __line__ }}"',
    );
  });
});

describe('a query is refused that', () => {
  const refused: Readonly<Record<string, readonly [string, RegExp]>> = {
    'has a name outside of a string': ['{a={{ target }}}', /outside of a string in double quotes/],
    'has a name where nothing can be escaped': ['{a=`{{ target }}`}', /outside of a string in double quotes/],
    'has a name in a comment': ['{a="b"} # {{ target }}', /outside of a string/],
    'has an unknown name': ['{a="{{ labels.instance }}"}', /unknown placeholder \{\{ labels.instance \}\}/],
    'is not closed': ['{a="{{ target }}"', /no LogQL/],
    'is empty': [' ', /no LogQL/],
    'asks for numbers': ['rate({a="{{ target }}"}[5m])', /lines are wanted/],
  };
  for (const [what, [text, reason]] of Object.entries(refused)) {
    test(what, () => {
      const parsed = LogqlTemplate.parse(text);
      assert.ok(!parsed.ok);
      assert.match(parsed.reason, reason);
    });
  }
});
