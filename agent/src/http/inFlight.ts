import type { onRequestHookHandler } from 'fastify';
import { MpaError } from '../errors.ts';

/**
 * Bounds how many requests of a route are under way, bodies included: with a journal that hangs, they would pile
 * up in memory. The one too many is refused before its body is read, and told to come again.
 */
export function limitInFlight(max: number): onRequestHookHandler {
  let underWay = 0;
  return (_request, reply, done) => {
    if (underWay >= max) {
      done(new MpaError('OVERLOADED', `${max} messages are being taken already`));
      return;
    }
    underWay += 1;
    // `close` comes once, after an answer and after a connection that broke.
    reply.raw.once('close', () => {
      underWay -= 1;
    });
    done();
  };
}
