import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  type UsageMetadata,
} from '@langchain/core/messages';
import { createAgent, createMiddleware, tool, toolStrategy } from 'langchain';
import { NOTHING_SPENT, type Spent, type Talk, type TalkResult } from '../protocol.ts';
import { costOf, estimateTokens } from '../tokens.ts';
import type { OpenModel } from './openModel.ts';

export type TalkHooks = {
  readonly useTool: (name: string, args: unknown) => Promise<string>;
  /** Called after each answer of the model, and before each question with what the question alone will cost. */
  readonly spending: (spent: Spent) => void;
  readonly signal: AbortSignal;
};

/** The conversation ended here, for a reason of ours. */
class Ended extends Error {
  readonly result: TalkResult;
  constructor(result: TalkResult) {
    super(result.kind);
    this.result = result;
  }
}

/**
 * Asks the model until it reports, its turns are over, or the budget is spent. Rejects with what the library throws:
 * the agent has seen the wire and knows better what it means.
 */
export async function converse(
  { chat, endingOf }: OpenModel,
  what: Talk,
  { useTool, spending, signal }: TalkHooks,
): Promise<TalkResult> {
  let spent: Spent = NOTHING_SPENT;
  let ended: Ended | null = null;
  const end = (result: TalkResult): never => {
    ended = new Ended(result);
    throw ended;
  };
  const fits = (inputTokens: number): boolean => {
    const tokens = {
      inputTokens: spent.inputTokens + inputTokens,
      outputTokens: spent.outputTokens + what.outputTokens,
    };
    return (
      tokens.inputTokens + tokens.outputTokens <= what.budget.tokens &&
      costOf(what.price, tokens) <= what.budget.costUsd
    );
  };
  const count = (message: AIMessage, asked: number) => {
    // Whatever the library's types make of it, this is what its messages hold.
    const usage = message.usage_metadata as UsageMetadata | undefined;
    spent = {
      // A server that counts nothing says 0, or nothing.
      inputTokens: spent.inputTokens + (usage?.input_tokens || asked),
      outputTokens: spent.outputTokens + (usage?.output_tokens || estimateTokens(contentOf(message))),
      turns: spent.turns + 1,
      asked: 0,
    };
    spending(spent);
  };

  const bounds = createMiddleware({
    name: 'bounds',
    wrapModelCall: async (request, handler) => {
      const asked = estimateTokens(
        what.system + request.messages.map(contentOf).join('') + JSON.stringify([what.tools, what.answer]),
      );
      if (spent.turns >= what.turns)
        end({ kind: 'failed', code: 'malformed', reason: `no report within ${what.turns} answers` });
      if (!fits(asked))
        end({
          kind: 'failed',
          code: 'budget-spent',
          reason: `the next question of about ${asked} tokens and its answer are more than what is left`,
        });
      // What a question costs is owed when it was sent, also where no answer comes.
      spending({ ...spent, asked });
      // The last answer must be the report, so it is given nothing else to call.
      const isFull = asked + 2 * what.outputTokens + what.toolTokens > what.contextTokens;
      const isLast = isFull || spent.turns + 1 >= what.turns || !fits(2 * asked + what.outputTokens);
      const answered = await handler(isLast ? { ...request, tools: [] } : request);
      const message = messageIn(answered);
      if (message === null) return end({ kind: 'failed', code: 'malformed', reason: 'it gave no answer' });
      count(message, asked);
      const ending = endingOf(message);
      if (ending === 'refused')
        end({ kind: 'failed', code: 'refused', reason: 'the model refused to answer' });
      if (ending === 'cut')
        end({ kind: 'failed', code: 'malformed', reason: 'the answer was cut off before its end' });
      return answered;
    },
  });
  const agent = createAgent({
    model: chat,
    // As a message: a text would be sent as a list of parts, which not every server understands.
    systemPrompt: new SystemMessage(what.system),
    tools: what.tools.map(({ name, description, schema }) =>
      tool((args: unknown) => useTool(name, args), { name, description, schema: { ...schema } }),
    ),
    // The schema is an object's, by whoever made it.
    responseFormat: toolStrategy({ ...what.answer, type: 'object' } as const),
    middleware: [bounds],
  });
  try {
    const state = await agent.invoke(
      { messages: [new HumanMessage(what.question)] },
      { signal, recursionLimit: 4 * what.turns + 4 },
    );
    const answer: unknown = state.structuredResponse;
    return { kind: 'answered', answer: answer ?? contentOf(state.messages.at(-1)) };
  } catch (error) {
    // Wrapped by the library, ours comes back in a cause.
    if (ended !== null) return (ended as Ended).result;
    throw error;
  }
}

/** The model's own message, in what the library makes of it. */
function messageIn(answered: unknown): AIMessage | null {
  if (AIMessage.isInstance(answered)) return answered;
  if (typeof answered !== 'object' || answered === null || !('messages' in answered)) return null;
  const { messages } = answered;
  if (!Array.isArray(messages)) return null;
  return messages.find((message) => AIMessage.isInstance(message)) ?? null;
}

function contentOf(message: BaseMessage | undefined): string {
  if (message === undefined) return '';
  const calls = AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [];
  return message.text + (calls.length === 0 ? '' : JSON.stringify(calls));
}
