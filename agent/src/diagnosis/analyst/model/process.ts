// The process that holds the model's library. It is started by the agent and can talk to it alone: it has no network,
// no files but its own code, and no key.
import process from 'node:process';
import { type FromModel, NOTHING_SPENT, type TalkResult, type ToModel } from '../protocol.ts';
import { Bridge } from './bridge.ts';
import { converse } from './converse.ts';
import { openModel } from './openModel.ts';

let last = 0;
const next = () => ++last;
const send = (message: FromModel) => void process.send?.(message);
const bridge = new Bridge(send, next);
const told = new Map<number, (text: string) => void>();
const talks = new Map<number, AbortController>();

// Nothing that a library does by itself leads anywhere.
globalThis.fetch = () => Promise.reject(new TypeError('there is no network here'));

process.on('message', (message) => {
  // The agent's own words.
  const said = message as ToModel;
  switch (said.kind) {
    case 'talk':
      void talk(said);
      break;
    case 'abort':
      talks.get(said.talk)?.abort(new Error('called off'));
      break;
    case 'told':
      told.get(said.call)?.(said.text);
      told.delete(said.call);
      break;
    default:
      bridge.hear(said);
  }
});
process.on('disconnect', () => process.exit());

async function talk({ talk: id, what }: ToModel & { kind: 'talk' }): Promise<void> {
  const over = new AbortController();
  talks.set(id, over);
  let spent = NOTHING_SPENT;
  let result: TalkResult;
  try {
    const model = await openModel(what, bridge.fetchFor(id));
    result = await converse(model, what, {
      signal: over.signal,
      spending: (so) => {
        spent = so;
        send({ kind: 'spent', talk: id, spent });
      },
      useTool: (name, args) => {
        const { promise, resolve } = Promise.withResolvers<string>();
        const call = next();
        told.set(call, resolve);
        send({ kind: 'tool', talk: id, call, name, args });
        return promise;
      },
    });
  } catch (error) {
    result = {
      kind: 'failed',
      code: 'unavailable',
      reason: error instanceof Error ? error.message : String(error),
    };
  }
  talks.delete(id);
  send({ kind: 'done', talk: id, spent, result });
}
