import type { Clock } from '../ports.ts';
import type { App } from './app.ts';

/**
 * Takes no new connection, lets the requests under way end, and cuts those that take longer than `graceMs`: a
 * client that never finishes must not keep the agent from ending.
 */
export async function closeServer(app: App, clock: Clock, graceMs: number): Promise<void> {
  const closed = new AbortController();
  const cutOff = clock.sleep(graceMs, closed.signal).then(
    () => app.server.closeAllConnections(),
    // Closed in time; the timer was only given back.
    () => {},
  );
  try {
    await app.close();
  } finally {
    closed.abort();
    await cutOff;
  }
}
