import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AIMessage, BaseMessage } from '@langchain/core/messages';
import type { ChatOpenAICompletions } from '@langchain/openai';
import type { Talk } from '../protocol.ts';

/** How an answer ended: `cut` where its end is missing, by the limit of its length or of the connection. */
export type Ending = 'whole' | 'cut' | 'refused';

/** A chat model, and how it tells that an answer is all there. */
export type OpenModel = { readonly chat: BaseChatModel; readonly endingOf: (message: AIMessage) => Ending };

/** The agent adds the real one; libraries insist on having one. */
const NO_KEY = 'none';

const ENDINGS: Readonly<Record<string, Ending>> = {
  stop: 'whole',
  tool_calls: 'whole',
  function_call: 'whole',
  end_turn: 'whole',
  tool_use: 'whole',
  stop_sequence: 'whole',
  refusal: 'refused',
  content_filter: 'refused',
  // `length`, `max_tokens`, and what is missing, are cut.
};

/** Loads the one provider's package and opens its model. Deadlines and repeats are the agent's: none are the library's. */
export async function openModel(what: Talk, call: typeof fetch): Promise<OpenModel> {
  const chat = await openChat(what, call);
  // The library would fetch tables from the network in order to count.
  chat.getNumTokens = async () => 0;
  return { chat, endingOf };
}

async function openChat(what: Talk, call: typeof fetch): Promise<BaseChatModel> {
  const { provider, model, baseUrl, stream: streaming, outputTokens: maxTokens, contextTokens } = what;
  switch (provider) {
    case 'openai': {
      const { ChatOpenAICompletions } = await import('@langchain/openai');
      return new (withRefusals(ChatOpenAICompletions))({
        model,
        maxTokens,
        streaming,
        apiKey: NO_KEY,
        maxRetries: 0,
        configuration: { baseURL: baseUrl, fetch: call },
      });
    }
    case 'anthropic': {
      const { ChatAnthropic } = await import('@langchain/anthropic');
      return new ChatAnthropic({
        model,
        maxTokens,
        streaming,
        apiKey: NO_KEY,
        maxRetries: 0,
        anthropicApiUrl: baseUrl,
        clientOptions: { fetch: call, maxRetries: 0 },
      });
    }
    case 'ollama': {
      const { ChatOllama } = await import('@langchain/ollama');
      return new ChatOllama({
        model,
        numPredict: maxTokens,
        // By itself it holds a few thousand tokens, and silently forgets the first ones of a longer question.
        numCtx: contextTokens,
        baseUrl,
        maxRetries: 0,
        fetch: call,
      });
    }
    default:
      return provider satisfies never;
  }
}

/** What the library leaves out of its messages: that the model refused, and in which words. */
function withRefusals(Base: typeof ChatOpenAICompletions): typeof ChatOpenAICompletions {
  return class extends Base {
    override _convertCompletionsMessageToBaseMessage(
      ...args: Parameters<ChatOpenAICompletions['_convertCompletionsMessageToBaseMessage']>
    ) {
      return noteRefusal(super._convertCompletionsMessageToBaseMessage(...args), args[0]);
    }
    override _convertCompletionsDeltaToBaseMessageChunk(
      ...args: Parameters<ChatOpenAICompletions['_convertCompletionsDeltaToBaseMessageChunk']>
    ) {
      return noteRefusal(super._convertCompletionsDeltaToBaseMessageChunk(...args), args[0]);
    }
  };
}

function noteRefusal<T extends BaseMessage>(message: T, said: { readonly refusal?: unknown }): T {
  if (typeof said.refusal === 'string') message.additional_kwargs['refusal'] = said.refusal;
  return message;
}

function endingOf({ response_metadata, additional_kwargs }: AIMessage): Ending {
  if (typeof additional_kwargs['refusal'] === 'string' && additional_kwargs['refusal'] !== '')
    return 'refused';
  const told: unknown =
    response_metadata['finish_reason'] ??
    response_metadata['stop_reason'] ??
    response_metadata['done_reason'] ??
    additional_kwargs['stop_reason'];
  return typeof told === 'string' ? (ENDINGS[told] ?? 'cut') : 'cut';
}
