// The other two protocols that an analyst can speak, each as its own package speaks it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ModelAnalyst } from '../../../src/diagnosis/analyst/analyst.ts';
import { ManualClock } from '../../fakes/clock.ts';
import { anthropic, ModelServer, ollama, type Reply, type Said, status } from './modelServer.ts';
import { KEY, question, REPORT, settings, Tools } from './scene.ts';

const calm = new AbortController().signal;
const report = { calls: [{ name: 'report', args: REPORT }] };
const asking = { calls: [{ name: 'history', args: {} }] };

const PROTOCOLS: readonly {
  readonly provider: 'anthropic' | 'ollama';
  readonly speak: (said: Said) => Reply;
  readonly path: string;
  readonly key: readonly [string, string];
  readonly cut: string;
}[] = [
  {
    provider: 'anthropic',
    speak: anthropic,
    path: '/v1/messages',
    key: ['x-api-key', KEY],
    cut: 'max_tokens',
  },
  {
    provider: 'ollama',
    speak: ollama,
    path: '/api/chat',
    key: ['authorization', `Bearer ${KEY}`],
    cut: 'length',
  },
];

async function analyse(provider: 'anthropic' | 'ollama', stream: boolean, ...replies: readonly Reply[]) {
  await using server = await ModelServer.start(...replies);
  const tools = new Tools();
  const analyst = new ModelAnalyst(
    settings({ provider, baseUrl: server.url, stream, outputTokens: 321 }),
    new ManualClock(),
  );
  try {
    const answered = await analyst.analyse(question(), tools, calm);
    return { answered, tools, received: server.received };
  } finally {
    analyst.close();
  }
}

for (const { provider, speak, path, key, cut } of PROTOCOLS) {
  describe(provider, () => {
    for (const stream of [true, false]) {
      it(`answers with a report after a question back, ${stream ? 'streamed' : 'in one piece'}`, async () => {
        const { answered, tools, received } = await analyse(provider, stream, speak(asking), speak(report));
        assert.ok(answered.ok);
        assert.equal(answered.analysis.model, `${provider}/m`);
        assert.deepEqual(answered.analysis.causes[0]?.citations, ['E1:3', 'E2:2']);
        assert.deepEqual(tools.asked, ['history']);
        assert.deepEqual(
          received.map((request) => [request.path, request.headers[key[0]]]),
          [
            [path, key[1]],
            [path, key[1]],
          ],
        );
        assert.equal(answered.usage.turns, 2);
        assert.equal(answered.usage.inputTokens, 2_000);
        assert.match(received[0]?.text ?? '', /321/);
      });
    }

    it('is not believed when its answer was cut off', async () => {
      const { answered } = await analyse(provider, true, speak({ ...report, finish: cut }));
      assert.deepEqual([answered.ok, !answered.ok && answered.code], [false, 'malformed']);
    });

    it('is asked once when it is full', async () => {
      const { answered, received } = await analyse(provider, true, status(429, 'slow down'));
      assert.deepEqual([answered.ok, !answered.ok && answered.code], [false, 'rate-limited']);
      assert.equal(received.length, 1);
    });
  });
}

describe('ollama', () => {
  it('is told how much it must hold, or it would forget the beginning of the question', async () => {
    const { received } = await analyse('ollama', true, ollama(report));
    const { options } = received[0]?.body ?? {};
    assert.deepEqual(options, { num_ctx: 4_000 + 8_000 + 4 * 321 + 2 * 6_000, num_predict: 321 });
  });
});

describe('anthropic', () => {
  it('may refuse', async () => {
    const { answered } = await analyse('anthropic', true, anthropic({ text: 'No.', finish: 'refusal' }));
    assert.deepEqual([answered.ok, !answered.ok && answered.code], [false, 'refused']);
  });
});
