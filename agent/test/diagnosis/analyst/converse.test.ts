// The conversation itself, with the fake models that come with the library: no process, no network.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AIMessage } from '@langchain/core/messages';
import { fakeModel } from 'langchain';
import { answerJsonSchema } from '../../../src/diagnosis/analyst/answer.ts';
import { TOOL_SPECS } from '../../../src/diagnosis/analyst/boundedTools.ts';
import { converse } from '../../../src/diagnosis/analyst/model/converse.ts';
import type { Ending } from '../../../src/diagnosis/analyst/model/openModel.ts';
import type { Spent, Talk } from '../../../src/diagnosis/analyst/protocol.ts';
import { REPORT } from './scene.ts';

type Fake = ReturnType<typeof fakeModel>;

const USAGE = { input_tokens: 500, output_tokens: 50, total_tokens: 550 };

function says(content: string): AIMessage {
  return counted(new AIMessage(content), USAGE);
}

function calls(name: string, args: Record<string, unknown>, usage: typeof USAGE | null = USAGE): AIMessage {
  const tool_calls = [{ id: `call-${name}`, name, args, type: 'tool_call' as const }];
  return counted(new AIMessage({ content: '', tool_calls }), usage);
}

function counted(message: AIMessage, usage: typeof USAGE | null): AIMessage {
  return usage === null ? message : Object.assign(message, { usage_metadata: usage });
}

async function talk(chat: Fake, changes: Partial<Talk> = {}, ending: Ending = 'whole') {
  const spent: Spent[] = [];
  const asked: string[] = [];
  const what: Talk = {
    provider: 'openai',
    model: 'm',
    baseUrl: 'http://nowhere',
    stream: false,
    system: 'You examine.',
    question: 'What went wrong?',
    tools: TOOL_SPECS,
    answer: answerJsonSchema(),
    turns: 4,
    outputTokens: 1_000,
    contextTokens: 30_000,
    toolTokens: 6_000,
    budget: { tokens: 100_000, costUsd: 1 },
    price: { inputUsd: 0, outputUsd: 0 },
    ...changes,
  };
  const result = await converse({ chat, endingOf: () => ending }, what, {
    signal: new AbortController().signal,
    spending: (so) => spent.push(so),
    useTool: async (name, args) => {
      asked.push(`${name} ${JSON.stringify(args)}`);
      return `answer to ${name}`;
    },
  });
  return { result, asked, spent: spent.at(-1) };
}

describe('a conversation', () => {
  it('ends with the report, and counts what the model says that it used', async () => {
    const { result, spent } = await talk(fakeModel().respond(calls('report', REPORT)));
    assert.deepEqual(result, { kind: 'answered', answer: REPORT });
    assert.deepEqual(spent, { inputTokens: 500, outputTokens: 50, turns: 1, asked: 0 });
  });

  it('lets the model ask with tools, and shows it what they answer', async () => {
    const chat = fakeModel()
      .respond(calls('more_logs', { lines: 20, contains: 'TLS' }))
      .respond(calls('report', REPORT));
    const { result, asked, spent } = await talk(chat);
    assert.equal(result.kind, 'answered');
    assert.deepEqual(asked, ['more_logs {"lines":20,"contains":"TLS"}']);
    assert.equal(chat.calls[1]?.messages.at(-1)?.text, 'answer to more_logs');
    assert.deepEqual(spent, { inputTokens: 1_000, outputTokens: 100, turns: 2, asked: 0 });
  });

  it('takes text that holds the report from a model that calls no tools', async () => {
    const text = `Here you are:\n\`\`\`json\n${JSON.stringify(REPORT)}\n\`\`\``;
    const { result } = await talk(fakeModel().respond(says(text)));
    assert.deepEqual(result, { kind: 'answered', answer: text });
  });

  it('ends after its turns, whatever the model still wants to know', async () => {
    const chat = fakeModel();
    for (let turn = 0; turn < 5; turn += 1) chat.respond(calls('facts', {}));
    const { result, spent } = await talk(chat, { turns: 3 });
    assert.deepEqual(result, {
      kind: 'failed',
      code: 'malformed',
      reason: 'no report within 3 answers',
    });
    assert.equal(spent?.turns, 3);
    assert.equal(chat.callCount, 3);
  });

  it('asks nothing when the question and its answer are more than the budget', async () => {
    const chat = fakeModel().respond(calls('report', REPORT));
    const { result } = await talk(chat, { budget: { tokens: 1_200, costUsd: 1 } });
    assert.equal(result.kind === 'failed' && result.code, 'budget-spent');
    assert.equal(chat.callCount, 0);
  });

  it('counts dollars where a price is set', async () => {
    const chat = fakeModel().respond(calls('report', REPORT));
    const price = { inputUsd: 0, outputUsd: 1_000_000 };
    const { result } = await talk(chat, { price, budget: { tokens: 100_000, costUsd: 900 } });
    assert.equal(result.kind === 'failed' && result.code, 'budget-spent');
    assert.equal(chat.callCount, 0);
  });

  it('stops between two turns when the first one used up the budget', async () => {
    const much = { input_tokens: 99_000, output_tokens: 50, total_tokens: 99_050 };
    const chat = fakeModel()
      .respond(calls('facts', {}, much))
      .respond(calls('report', REPORT));
    const { result, spent } = await talk(chat);
    assert.equal(result.kind === 'failed' && result.code, 'budget-spent');
    assert.equal(chat.callCount, 1);
    assert.equal(spent?.inputTokens, 99_000);
  });

  it('estimates what a server does not count', async () => {
    const { spent } = await talk(fakeModel().respond(calls('report', REPORT, null)));
    assert.ok(
      spent !== undefined && spent.inputTokens > 500 && spent.outputTokens > 50,
      JSON.stringify(spent),
    );
  });

  it('tells the model once more what a report is, when it was none', async () => {
    const chat = fakeModel()
      .respond(calls('report', { causes: 'the disk' }))
      .respond(calls('report', REPORT));
    const { result, spent } = await talk(chat);
    assert.deepEqual(result, { kind: 'answered', answer: REPORT });
    assert.equal(spent?.turns, 2);
  });

  it('says that a model refused', async () => {
    const { result } = await talk(fakeModel().respond(says('')), {}, 'refused');
    assert.equal(result.kind === 'failed' && result.code, 'refused');
  });

  it('takes no report of which the end is missing, although what is there could be read', async () => {
    const { result } = await talk(fakeModel().respond(calls('report', REPORT)), {}, 'cut');
    assert.equal(result.kind === 'failed' && result.code, 'malformed');
  });

  it('leaves what the wire did to whoever saw the wire', async () => {
    await assert.rejects(talk(fakeModel().respond(new Error('socket hang up'))), /socket hang up/);
  });

  it('never runs a tool that does not exist', async () => {
    const chat = fakeModel()
      .respond(calls('restart', { target: 'shop-api' }))
      .respond(calls('report', REPORT));
    const { result, asked } = await talk(chat);
    assert.equal(result.kind, 'answered');
    assert.deepEqual(asked, []);
    assert.match(chat.calls[1]?.messages.at(-1)?.text ?? '', /restart is not a valid tool/);
  });
});
