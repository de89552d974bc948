import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AnalystSettings } from '../../src/analystSettings.ts';
import { Secret } from '../../src/secret.ts';
import { type ClosableAnalyst, CurrentAnalyst } from '../../src/serve/currentAnalyst.ts';
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
    analyst.prepare(settings({ baseUrl: server.url })).put();
    assert.deepEqual([(await ask(analyst)).ok, analyst.model], [true, 'openai/m']);
    analyst.prepare(null).put();
    assert.equal((await ask(analyst)).ok, false);
  });

  it('is the one before until what was prepared is put in force', async () => {
    await using server = await ModelServer.start(report);
    using analyst = new CurrentAnalyst(null, new ManualClock());
    const prepared = analyst.prepare(settings({ baseUrl: server.url }));
    assert.equal(analyst.model, 'none');
    prepared.put();
    assert.equal(analyst.model, 'openai/m');
  });

  it('keeps what it remembers over a reload that changes nothing about it', async () => {
    await using server = await ModelServer.start(report);
    using analyst = new CurrentAnalyst(settings({ baseUrl: server.url }), new ManualClock());
    await ask(analyst);
    analyst.prepare(settings({ baseUrl: server.url })).put();
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
    analyst.prepare(with_('sk-new')).put();
    assert.equal((await ask(analyst)).ok, true);
    assert.equal(server.received.at(-1)?.headers.authorization, 'Bearer sk-new');
  });

  it('closes what was made ready and never put in force, and leaves the one in force alone', () => {
    const { make, open } = countedAnalysts();
    using analyst = new CurrentAnalyst(settings({ model: 'one' }), new ManualClock(), make);
    {
      using _failed = analyst.prepare(settings({ model: 'two' }));
      assert.deepEqual([...open], ['one', 'two']);
    }
    assert.deepEqual([[...open], analyst.model], [['one'], 'one']);
  });

  it('closes the one before when another is put in force, and that one not before its own end', () => {
    const { make, open } = countedAnalysts();
    {
      using analyst = new CurrentAnalyst(settings({ model: 'one' }), new ManualClock(), make);
      {
        using prepared = analyst.prepare(settings({ model: 'two' }));
        prepared.put();
      }
      assert.deepEqual([[...open], analyst.model], [['two'], 'two']);
    }
    assert.deepEqual([...open], []);
  });

  it('keeps nothing open that is put in force after the agent has ended', () => {
    const { make, open } = countedAnalysts();
    const analyst = new CurrentAnalyst(settings({ model: 'one' }), new ManualClock(), make);
    {
      using late = analyst.prepare(settings({ model: 'two' }));
      analyst[Symbol.dispose]();
      late.put();
    }
    assert.deepEqual([...open], []);
  });
});

/** Makes analysts that are only counted: `open` names the models of those that nobody closed. */
function countedAnalysts() {
  const open = new Set<string>();
  const make = ({ model }: AnalystSettings): ClosableAnalyst => {
    open.add(model);
    return {
      model,
      analyse: () => Promise.reject(new Error('nobody asks it')),
      close: () => void open.delete(model),
    };
  };
  return { make, open };
}
