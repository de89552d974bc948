// An agent's part in a test: starts the library's process, says which one, and is killed.
import process from 'node:process';
import { answerJsonSchema } from '../../../src/diagnosis/analyst/answer.ts';
import { ModelHost } from '../../../src/diagnosis/analyst/modelHost.ts';
import type { Talk } from '../../../src/diagnosis/analyst/protocol.ts';
import { SystemClock } from '../../../src/systemClock.ts';
import { settings } from './scene.ts';

const host = new ModelHost(settings({ baseUrl: process.argv[2] ?? '' }), new SystemClock());
const what: Talk = {
  provider: 'openai',
  model: 'm',
  baseUrl: process.argv[2] ?? '',
  stream: true,
  system: 's',
  question: 'q',
  tools: [],
  answer: answerJsonSchema(),
  turns: 1,
  outputTokens: 100,
  toolTokens: 100,
  contextTokens: 10_000,
  budget: { tokens: 10_000, costUsd: 1 },
  price: { inputUsd: 0, outputUsd: 0 },
};
// It waits for a word that never comes.
process.on('message', () => undefined);
void host.talk(what, async () => '', new AbortController().signal);
process.send?.(host.pid);
