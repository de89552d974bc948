// A whole agent with an analyst: a real process that fails, a real journal, and a server that speaks OpenAI's protocol.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ModelServer, openAi, type Reply, status } from '../diagnosis/analyst/modelServer.ts';
import { REPORT } from '../diagnosis/analyst/scene.ts';
import { recoverShop } from './shop.ts';

const KEY = 'sk-a-key-that-nobody-may-see';
// Words that no rule knows: what is done is the analyst's doing.
const LINE = 'the flux is out of phase';
const STRATEGIES = [
  {
    name: 'restart-it',
    sources: ['person'],
    steps: [{ action: 'restart' }, { action: 'escalate_to_human' }],
  },
  { name: 'tell-someone', sources: ['probe', 'person'], steps: [{ action: 'escalate_to_human' }] },
];

/** The story of an incident of `shop` by an agent whose analyst answers with `reply`, until a person was called. */
async function incidentUnder(reply: Reply) {
  await using server = await ModelServer.start(reply);
  const story = await recoverShop({
    line: LINE,
    sections: {
      analyst: {
        provider: 'openai',
        model: 'm',
        base_url: server.url,
        api_key_file: 'key',
        timeout: '30s',
      },
      strategies: STRATEGIES,
    },
    files: { key: KEY },
    // What somebody else's program wants traced is no business of the agent's.
    environment: { LANGSMITH_TRACING: 'true', LANGSMITH_ENDPOINT: server.url, LANGSMITH_API_KEY: 'k' },
    until: ['analysis-ended', 'escalated'],
  });
  return { ...story, received: server.received };
}

describe('an agent with an analyst', () => {
  it('asks it before the first step, with the evidence, and is more careful by its word', async () => {
    const reply = openAi({
      calls: [{ name: 'report', args: { ...REPORT, causes: [{ ...REPORT.causes[0], citations: ['E1'] }] } }],
    });
    const { bodies, received, log } = await incidentUnder(reply);
    const ended = bodies.find(({ type }) => type === 'analysis-ended');
    assert.equal(ended?.['code'], 'answered', JSON.stringify(ended));
    assert.equal(received.length, 1);
    assert.match(received[0]?.text ?? '', /the flux is out of phase/);
    assert.equal(
      bodies.some(({ type }) => type === 'mutation-started'),
      false,
      JSON.stringify(bodies),
    );
    assert.ok(bodies.some(({ type }) => type === 'plan-tempered'));
    assert.ok(![JSON.stringify(bodies), log, received[0]?.text].some((text) => text?.includes(KEY)));
  });

  it('goes on by its rules alone where the model is down, and says so', async () => {
    const { bodies, received } = await incidentUnder(status(500, 'down'));
    const ended = bodies.find(({ type }) => type === 'analysis-ended');
    assert.deepEqual([ended?.['code'], ended?.['analysis']], ['unavailable', null]);
    assert.match(String(ended?.['reason']), /answered 500: .*down/);
    assert.equal(received.length, 1);
    assert.ok(
      bodies.some(({ type }) => type === 'mutation-started'),
      JSON.stringify(bodies.map(({ type }) => type)),
    );
  });
});
