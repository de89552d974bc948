import { z } from 'zod';
import { describedDefault } from '../editorSchema.ts';
import { count, duration, httpUrl, line, secretFile } from './schemaParts.ts';

/** In force where configuration says nothing. */
export const ANALYST_DEFAULTS = {
  timeoutMs: 10_000,
  turns: 4,
  toolCalls: 6,
  outputTokens: 2_000,
  evidenceTokens: 8_000,
  stream: true,
  incident: { tokens: 60_000, costUsd: 0.5 },
  day: { tokens: 1_000_000, costUsd: 5 },
  breaker: { failures: 3, cooldownMs: 300_000 },
  rememberMs: 3_600_000,
} as const;

/** Where each provider's API begins when nothing else is said. */
export const PROVIDER_ADDRESSES = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com',
  ollama: 'http://127.0.0.1:11434',
} as const;

const { incident, day, breaker } = ANALYST_DEFAULTS;

const dollars = (description: string, byDefault: number) =>
  z.number().min(0).max(1_000_000).optional().meta(describedDefault(description, byDefault));

const budget = (whose: string, byDefault: { readonly tokens: number; readonly costUsd: number }) =>
  z
    .strictObject({
      tokens: count('Tokens, of questions and answers together.', byDefault.tokens, 1_000_000_000),
      cost: dollars('US dollars; counts where `price` is set.', byDefault.costUsd),
    })
    .optional()
    .meta({ description: whose });

/** The analyst: a language model that reads evidence, and can only make the agent more careful. */
export const analystSchema = z.strictObject({
  provider: z.enum(['anthropic', 'openai', 'ollama']).meta({
    description: 'Who serves the model; `openai` is whoever speaks OpenAI’s chat completions.',
  }),
  model: line(256).meta({ description: 'The model’s name, as its server knows it.' }),
  base_url: httpUrl()
    .optional()
    .meta({
      description: `Where the API begins; nothing else is ever called. Without it: ${Object.entries(
        PROVIDER_ADDRESSES,
      )
        .map(([provider, address]) => `\`${address}\` (${provider})`)
        .join(', ')}.`,
    }),
  api_key_file: secretFile('The key.'),
  timeout: duration(
    'How long one analysis may take. A strategy that waits for it waits no longer.',
    ANALYST_DEFAULTS.timeoutMs,
    { minMs: 1_000, maxMs: 300_000 },
  ),
  max_turns: count('Answers of the model in one analysis, the report included.', ANALYST_DEFAULTS.turns, 20),
  max_tool_calls: count(
    'Questions that the model may ask back in one analysis; 0: it gets no tools.',
    ANALYST_DEFAULTS.toolCalls,
    50,
    0,
  ),
  max_output_tokens: count(
    'Most tokens of one answer; what a model thinks aloud counts too.',
    ANALYST_DEFAULTS.outputTokens,
    100_000,
    200,
  ),
  evidence_tokens: count(
    'How much evidence goes into the question, estimated; the most telling lines first.',
    ANALYST_DEFAULTS.evidenceTokens,
    200_000,
    500,
  ),
  stream: z
    .boolean()
    .optional()
    .meta(
      describedDefault(
        'Ask for the answer as a stream. `false` where a server cannot stream calls of tools.',
        ANALYST_DEFAULTS.stream,
      ),
    ),
  price: z
    .strictObject({
      input: dollars('For a million tokens of questions.', 0),
      output: dollars('For a million tokens of answers.', 0),
    })
    .optional()
    .meta({ description: 'What the model costs, in US dollars; without it only tokens are counted.' }),
  budget: z
    .strictObject({
      incident: budget('For one incident.', incident),
      day: budget('For one day, from midnight UTC; then the rules decide alone.', day),
    })
    .optional()
    .meta({ description: 'What it may use up.' }),
  breaker: z
    .strictObject({
      failures: count('Failures in a row after which the model is left alone.', breaker.failures, 100),
      cooldown: duration('For how long; then one question tries it.', breaker.cooldownMs, { minMs: 1_000 }),
    })
    .optional()
    .meta({ description: 'A model that fails is not asked at every incident.' }),
  remember: duration(
    'How long an answer is remembered: the same trouble with the same evidence costs nothing then. `0s`: not at all.',
    ANALYST_DEFAULTS.rememberMs,
  ),
});
