const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed without an answer',
  UND_ERR_SOCKET: 'connection closed without an answer',
  EPIPE: 'connection closed without an answer',
  ETIMEDOUT: 'no connection: the network timed out',
  UND_ERR_CONNECT_TIMEOUT: 'no connection: the network timed out',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the name server does not answer',
  CERT_HAS_EXPIRED: 'the TLS certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the TLS certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the TLS certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the TLS certificate is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the TLS certificate is for another host name',
};

/** The causes of an error are few; this only ends a chain that points to itself. */
const DEPTH_MAX = 5;
const LENGTH_MAX = 200;

/** A network error as a short sentence. `fetch` hides what happened in `cause`, and a name with several addresses in `errors`. */
export function inWords(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < DEPTH_MAX && current instanceof Error; depth += 1) {
    if (current.name === 'HTTPParserError') return `not an HTTP answer: ${brief(current.message)}`;
    const code: unknown = Reflect.get(current, 'code');
    if (typeof code === 'string') {
      const words = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
      if (words !== undefined) return words;
    }
    const deeper = current instanceof AggregateError ? (current.errors[0] as unknown) : current.cause;
    if (deeper === undefined) break;
    current = deeper;
  }
  return brief(current instanceof Error ? current.message : String(current));
}

function brief(message: string): string {
  return message.length <= LENGTH_MAX ? message : `${message.slice(0, LENGTH_MAX)}...`;
}
