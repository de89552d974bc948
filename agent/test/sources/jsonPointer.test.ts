import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPointer } from '../../src/sources/jsonPointer.ts';

/** The document and the pointers of RFC 6901, section 5. */
const document: unknown = JSON.parse(
  String.raw`{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}`,
);

test('the examples of RFC 6901 are found', () => {
  const examples: readonly (readonly [string, unknown])[] = [
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ];
  for (const [pointer, value] of examples) {
    assert.deepEqual(readPointer(document, pointer), { found: true, value }, pointer);
  }
});

test('what is not there is not found', () => {
  for (const pointer of [
    'foo',
    '/bar',
    '/foo/2',
    '/foo/01',
    '/foo/-',
    '/foo/length',
    '/toString',
    '/a~1b/x',
  ]) {
    assert.deepEqual(readPointer(document, pointer), { found: false }, pointer);
  }
});
