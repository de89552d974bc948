import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MpaError } from '../../src/errors.ts';
import { openServer } from './openServer.ts';

test('a reload answers the version that is in force', async () => {
  await using server = await openServer();
  assert.deepEqual((await server.call('POST', '/-/reload')).json(), { settings: 's2' });
});

test('a reload that is refused says why', async () => {
  const reload = () => Promise.reject(new MpaError('CONFIG_INVALID', 'mpa.yml:3:5: unknown key'));
  await using server = await openServer({ reload });
  const answer = await server.call('POST', '/-/reload');
  assert.equal(answer.statusCode, 422);
  assert.equal(answer.json().detail, 'mpa.yml:3:5: unknown key');
});
