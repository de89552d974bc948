import { createServer } from 'node:http';
import { type Listening, onLoopback } from '../agent/test/fakes/loopback.ts';

/** How an Alertmanager takes calls for people: it answers each, or takes the connection and says nothing. */
export const PEOPLE = ['answer', 'hang'] as const;
export type People = (typeof PEOPLE)[number];

/** An Alertmanager that calls are posted to, and what it saw of them. */
export interface PeopleReceiver extends AsyncDisposable {
  readonly url: string;
  /** In a sentence. */
  verdict(): string;
}

export async function openPeople(how: People): Promise<PeopleReceiver> {
  let [calls, open, most] = [0, 0, 0];
  const server = createServer((request, response) => {
    calls += 1;
    open += 1;
    most = Math.max(most, open);
    response.on('close', () => {
      open -= 1;
    });
    request.resume();
    if (how === 'answer') request.on('end', () => response.writeHead(200).end());
  });
  const listening: Listening = await onLoopback(server);
  return {
    url: listening.url,
    verdict: () => `people were called ${calls} times, and ${most} calls were under way at most`,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}
