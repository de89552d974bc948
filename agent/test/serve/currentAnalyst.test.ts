import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../src/secret.ts';
import { CurrentAnalyst } from '../../src/serve/currentAnalyst.ts';
import { ModelServer, openAi, status } from '../diagnosis/analyst/modelServer.ts';
import { KEY, question, REPORT, settings, Tools } from '../diagnosis/analyst/scene.ts';
import { ManualClock } from '../fakes/clock.ts';

const calm = new AbortController().signal;
const report = openAi({ calls: [{ name: 'report', args: REPORT }] });
const ask = (analyst: CurrentAnalyst) => analyst.analyse(question(), new Tools(), calm);

describe('the analyst in force', () => {
  it('is none until one is configured, and none again when it is taken out', async () => {
    await using server = await ModelServer.start(report);
    using analyst = new CurrentAnalyst(null, new ManualClock());
    const none = await ask(analyst);
    assert.deepEqual([none.ok, !none.ok && none.code, analyst.model], [false, 'unavailable', 'none']);
    analyst.prepare(settings({ baseUrl: server.url }))();
    assert.deepEqual([(await ask(analyst)).ok, analyst.model], [true, 'openai/m']);
    analyst.prepare(null)();
    assert.equal((await ask(analyst)).ok, false);
  });

  it('is the one before until what was prepared is put in force', async () => {
    await using server = await ModelServer.start(report);
    using analyst = new CurrentAnalyst(null, new ManualClock());
    const put = analyst.prepare(settings({ baseUrl: server.url }));
    assert.equal(analyst.model, 'none');
    put();
    assert.equal(analyst.model, 'openai/m');
  });

  it('keeps what it remembers over a reload that changes nothing about it', async () => {
    await using server = await ModelServer.start(report);
    using analyst = new CurrentAnalyst(settings({ baseUrl: server.url }), new ManualClock());
    await ask(analyst);
    analyst.prepare(settings({ baseUrl: server.url }))();
    await ask(analyst);
    assert.equal(server.received.length, 1);
  });

  it('takes a new key, and closes the breaker that the old one opened', async () => {
    await using server = await ModelServer.start(status(401));
    const with_ = (key: string) =>
      settings({
        baseUrl: server.url,
        apiKey: new Secret(key, 'test'),
        breaker: { failures: 1, cooldownMs: 1e6 },
      });
    using analyst = new CurrentAnalyst(with_(KEY), new ManualClock());
    await ask(analyst);
    const refused = await ask(analyst);
    assert.equal(!refused.ok && refused.code, 'breaker-open');
    server.reply(report);
    analyst.prepare(with_('sk-new'))();
    assert.equal((await ask(analyst)).ok, true);
    assert.equal(server.received.at(-1)?.headers.authorization, 'Bearer sk-new');
  });
});
