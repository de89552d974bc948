import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems.ts';

/** A hook for routes that change something. */
export type Guard = (request: FastifyRequest) => Promise<void>;

/**
 * Lets through who knows the token in `tokenFile`. The file is read each time, so that a new token needs no restart;
 * repairs are rare.
 */
export function bearerGuard(tokenFile: string | undefined): Guard {
  return async (request) => {
    if (tokenFile === undefined)
      throw new Problem('repairs-disabled', 'The service was started without a token.');
    const [scheme, given] = (request.headers.authorization ?? '').split(' ', 2);
    if (scheme?.toLowerCase() !== 'bearer' || given === undefined) {
      throw new Problem('unauthorized', 'The request has no bearer token.');
    }
    const token = await readToken(tokenFile);
    if (!timingSafeEqual(digest(given), digest(token)))
      throw new Problem('unauthorized', 'The token is not the right one.');
  };
}

async function readToken(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Problem('repairs-disabled', `The token file cannot be read.`, {}, error);
  });
  const token = text.trim();
  if (token.length < 16)
    throw new Problem('repairs-disabled', 'The token file holds fewer than 16 characters.');
  return token;
}

/** Of equal length whatever was given, as the comparison needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
