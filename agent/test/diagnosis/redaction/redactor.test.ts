import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Redactor } from '../../../src/diagnosis/redaction/redactor.ts';

const { redact } = new Redactor();

const read = (name: string) =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '));

const secrets = read('secrets.txt').map((written) => {
  const [, kind = '', marked = ''] = /^(\S+) \| (.*)$/.exec(written.replaceAll('·', '')) ?? [];
  return {
    kind,
    line: marked.replaceAll(/[«»]/g, ''),
    hidden: [...marked.matchAll(/«([^»]+)»/g)].map(([, hidden = '']) => hidden),
  };
});
const plain = read('plain.txt');

describe('redaction', () => {
  it('is tried on at least 80 secrets and 60 lines without', () => {
    assert.ok(secrets.length >= 80, `${secrets.length}`);
    assert.ok(plain.length >= 60, `${plain.length}`);
    assert.ok(secrets.every(({ kind, hidden }) => kind !== '' && hidden.length > 0));
  });

  for (const { kind, line, hidden } of secrets)
    it(`takes the ${kind} out of: ${line}`, () => {
      const told = redact(line);
      for (const secret of hidden) assert.ok(!told.includes(secret), told);
      assert.ok(told.includes(`[redacted:${kind}]`), told);
      assert.equal(redact(told), told);
    });

  for (const line of plain)
    it(`leaves as it is: ${line}`, () => {
      assert.equal(redact(line), line);
    });
});

describe('a private key over several lines', () => {
  const body = Array.from({ length: 4 }, (_, index) => `MII${'FakeKey+'.repeat(7)}${index}/ab`);
  const [begin, end] = ['-----BEGIN OPENSSH PRIVATE KEY-----', '-----END OPENSSH PRIVATE KEY-----'];
  const key = [begin, ...body, 'c2hvcnQ=', end];

  it('is taken out line by line, and what stands around it stays', () => {
    const told = redact(['before', ...key, 'after'].join('\n')).split('\n');
    assert.deepEqual(told, ['before', ...key.map(() => '[redacted:private-key]'), 'after']);
  });

  it('is taken out where each line has a time in front', () => {
    const told = redact(key.map((line) => `2026-01-10T10:11:12Z ${line}`).join('\n'));
    for (const line of body) assert.ok(!told.includes(line.slice(4)), told);
    assert.equal(told.split('\n').length, key.length);
  });

  it('is taken out where its end was cut off, and no more than it', () => {
    const told = redact([begin, ...body, 'service started'].join('\n')).split('\n');
    assert.deepEqual(told.slice(-2), ['[redacted:private-key]', 'service started']);
    for (const line of body) assert.ok(!told.includes(line));
  });

  it('is taken out where its beginning was cut off, and no more than it', () => {
    const told = redact(['service started', ...body, 'c2hvcnQ=', end, 'after'].join('\n')).split('\n');
    assert.deepEqual(told.at(0), 'service started');
    assert.deepEqual(told.at(-1), 'after');
    assert.deepEqual(
      told.slice(1, -1),
      [...body, 'x', end].map(() => '[redacted:private-key]'),
    );
  });
});

describe('the configuration’s own expressions', () => {
  it('take out what they match, or what their groups took', () => {
    const own = new Redactor(['CUST-\\d{6}', 'pin is (\\d{4})']);
    assert.equal(
      own.redact('CUST-004711 pays, pin is 1234.\nCUST-1 stays'),
      '[redacted:custom] pays, pin is [redacted:custom].\nCUST-1 stays',
    );
  });

  it('do not touch what was taken out already', () => {
    const own = new Redactor(['redacted', 'a']);
    const once = own.redact('a token=abcd1234efgh');
    assert.equal(own.redact(once), once);
  });
});

/** Text that is made of what the rules look for, so that their edges meet. */
const fragments = [
  ...secrets.flatMap(({ line, hidden }) => [line, ...hidden]),
  ...plain,
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'Bearer',
  '[redacted:password]',
  '[redacted:',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  '://',
  ...'=:;,&?@"\'\\ \t\n{}[]()<>-_./0aA',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 8 })), { maxLength: 14 })
  .map((parts) => parts.join(''));

describe('whatever the text is', () => {
  it('redacting it twice is redacting it once', () => {
    fc.assert(
      fc.property(text, (any) => {
        const once = redact(any);
        assert.equal(redact(once), once);
      }),
      { numRuns: 3_000 },
    );
  });

  it('it keeps its lines', () => {
    fc.assert(
      fc.property(text, (any) => {
        assert.equal(redact(any).split('\n').length, any.split('\n').length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('a secret that stands by itself in it does not remain', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...secrets),
        fc.array(fc.constantFrom(...plain, ''), { maxLength: 4 }),
        fc.array(fc.constantFrom(...plain, ''), { maxLength: 4 }),
        ({ line, hidden }, before, after) => {
          const told = redact([...before, line, ...after].join('\n')).split('\n')[before.length] ?? '';
          for (const secret of hidden) assert.ok(!told.includes(secret), told);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a long line of beginnings that never end is gone through once', () => {
    const beginnings = [
      'password="',
      'auth:"\\x ',
      '//a:',
      'eyJ-',
      'Cookie: a=',
      '4111 ',
      'token:"\\',
      'Bearer ',
      'sk-a',
      '--token ',
    ];
    for (const beginning of beginnings) {
      const long = beginning.repeat(200_000 / beginning.length);
      assert.equal(redact(long).split('\n').length, 1);
    }
  });
});
