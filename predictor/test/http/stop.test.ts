import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { testService } from '../support/service.ts';

test('a request that is under way when it stops is answered, and its connection holds up nothing', async () => {
  await using service = await testService();
  const { app } = service.running;
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  await service.post('/v1/faults', { kind: 'slow', delayMs: 500 });
  const client = new Agent({ keepAlive: true });
  try {
    const heard = once(app.server, 'request');
    const request = get(new URL('/v1/series', address), { agent: client });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    await heard;
    // It ends only when every connection has.
    const closed = app.close();
    const [answer] = await answered;
    answer.resume();
    assert.equal(answer.headers.connection, 'close');
    await closed;
  } finally {
    client.destroy();
  }
});
