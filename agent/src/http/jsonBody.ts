import { MpaError } from '../errors.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;

/**
 * Parses a body. Unlike Fastify's own parser it takes the keys `__proto__` and `constructor` as what they are in
 * JSON, names: an alert may carry them as labels, and everything that reads a body copies named fields only.
 *
 * @throws MpaError `BODY_NOT_JSON` or `BODY_TOO_DEEP`.
 */
export function parseJsonBody(bytes: Buffer, depthMax: number): unknown {
  if (bytes.length === 0) throw new MpaError('BODY_NOT_JSON', 'it is empty');
  // Before parsing, so that no value exists that would overflow the stack of whoever walks it.
  if (isDeeperThan(bytes, depthMax)) throw new MpaError('BODY_TOO_DEEP', `more than ${depthMax} levels`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    // V8's sentence may quote the body; only the fact is handed on.
    throw new MpaError('BODY_NOT_JSON', 'it cannot be parsed', { cause: error });
  }
}

/** Whether brackets outside of strings nest deeper than `depthMax`; ASCII bytes never occur inside UTF-8 sequences. */
function isDeeperThan(bytes: Buffer, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      depth -= 1;
    }
  }
  return false;
}
