import type { onRequestHookHandler } from 'fastify';
import { MpaError } from '../errors.ts';
import { hostnameOf, isLoopback } from './loopback.ts';
import type { TokenKeeper } from './tokens.ts';

const BEARER = /^bearer +([\x21-\x7e]{1,4096})$/i;

/**
 * Asks for a bearer token, before the body is read.
 *
 * Without a configured token the server listens on loopback alone; then a web page in a browser on this machine
 * is the one stranger that could still reach it. It comes with a foreign `Host` (DNS rebinding) or `Origin`.
 */
export function authorize(tokens: TokenKeeper): onRequestHookHandler {
  return (request, reply, done) => {
    if (tokens.current.isEmpty) {
      done(foreignOrigin(request.headers.host, request.headers.origin));
      return;
    }
    const presented = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (presented !== undefined && tokens.current.accepts(presented)) {
      done();
      return;
    }
    reply.header('www-authenticate', 'Bearer realm="market-programmer-agent"');
    done(
      new MpaError(
        'UNAUTHORIZED',
        presented === undefined ? 'no bearer token was sent' : 'this token is not known',
      ),
    );
  };
}

function foreignOrigin(host: string | undefined, origin: string | undefined): MpaError | undefined {
  const hostname = host === undefined ? null : hostnameOf(host);
  if (hostname === null || !isLoopback(hostname)) {
    return new MpaError('FOREIGN_ORIGIN', 'the Host header names another machine');
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`) {
    return new MpaError('FOREIGN_ORIGIN', 'the Origin header names another site');
  }
  return undefined;
}
