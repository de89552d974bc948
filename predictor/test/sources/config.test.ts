import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Problem } from '../../src/problems.ts';
import { readSources } from '../../src/sources/config.ts';
import { simulatedBars } from '../support/bars.ts';
import { testService, until } from '../support/service.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'predictor-sources-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function written(content: string): Promise<string> {
  const path = join(folder, 'sources.json');
  await writeFile(path, content);
  return path;
}

async function refusal(content: string): Promise<string> {
  const error: unknown = await readSources(await written(content)).then(
    () => assert.fail('it should be refused'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Problem);
  assert.equal(error.code, 'invalid-request');
  return error.message;
}

test('a file of sources with a mistake is refused with the place of it', async () => {
  assert.match(await refusal('{'), /not JSON/);
  assert.match(await refusal('{"sources":[{"kind":"ftp","symbol":"X"}]}'), /kind/);
  assert.match(
    await refusal('{"sources":[{"kind":"http","symbol":"X","format":"csv","url":"ftp://x"}]}'),
    /http:\/\//,
  );
  assert.match(await refusal('{"sources":[{"kind":"csv-file","symbol":"a b","path":"x"}]}'), /symbol/);
  assert.match(
    await refusal('{"sources":[{"kind":"csv-file","symbol":"X","path":"x","colums":{}}]}'),
    /colums/,
  );
  assert.match(
    await refusal('{"sources":[{"kind":"csv-file","symbol":"X","path":"x","refreshEveryMs":2592000000}]}'),
    /refreshEveryMs/,
  );
});

test('a source whose jumps are real is one where the file says so', async () => {
  const source = { symbol: 'X', kind: 'csv-file', path: 'x' };
  const content = { sources: [source, { ...source, symbol: 'Y', acceptJumps: true }] };
  const sources = await readSources(await written(JSON.stringify(content)));
  assert.deepEqual(
    sources.map(({ acceptJumps }) => acceptJumps),
    [false, true],
  );
});

test('a source over HTTP named in the file is refreshed at its interval, bars and all', async () => {
  const bars = simulatedBars(300);
  let count = 290;
  const server = createServer((request, response) => {
    assert.equal(request.url, '/SIM.json');
    const rows = bars
      .slice(0, count)
      .map(({ time, ...bar }) => ({ when: new Date(time).toISOString(), ...bar }));
    response.end(JSON.stringify({ result: rows }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens at a host and port has an address of this form.
  const { port } = server.address() as AddressInfo;
  try {
    const config = {
      symbol: 'SIM',
      kind: 'http',
      format: 'json',
      url: `http://127.0.0.1:${port}/{symbol}.json`,
      rowsAt: 'result',
      columns: { time: 'when' },
      refreshEveryMs: 1000,
    };
    const sources = await readSources(await written(JSON.stringify({ sources: [config] })));
    await using service = await testService({ sources, now: () => (bars.at(-1)?.time ?? 0) + 86_400_000 });
    await until('the first bars', async () => (await service.get('/v1/series/SIM')).json?.bars === 290);
    count = 300;
    await until('the newer bars', async () => (await service.get('/v1/series/SIM')).json?.bars === 300);
    assert.equal(await service.metric('predictor_newest_bar_age_bars{symbol="SIM"}'), 0);
    assert.match((await service.get('/v1/series/SIM')).json.source, /^JSON at http/);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
