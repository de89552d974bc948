import { statSync } from 'node:fs';
import { printable } from '../../core/printable.ts';
import { RuntimeError } from '../../errors.ts';
import { type DockerHost, describeHost } from './host.ts';

/** One call to the engine, as far as its errors need to know it. */
export type CallInfo = {
  /** What it is, for the sentence: `restart web`. */
  readonly what: string;
  readonly host: DockerHost;
  /** Whether the engine may have changed something by it. */
  readonly mutating: boolean;
};

/** No answer came, or it broke off. `sent`: whether anything of the request may have reached the engine. */
export function connectionError(call: CallInfo, error: unknown, sent: boolean): RuntimeError {
  const code = codeOf(error);
  const applied = call.mutating && sent ? 'maybe' : 'no';
  if (code === 'EACCES' || code === 'EPERM') {
    return new RuntimeError('RUNTIME_FORBIDDEN', forbidden(call), 'no', { cause: error });
  }
  const detail = `${call.what} at ${describeHost(call.host)}: ${sentenceOf(error)}`;
  return new RuntimeError('RUNTIME_UNREACHABLE', detail, applied, { cause: error });
}

/** The caller's deadline passed, or it gave up for another reason. */
export function deadlineError(call: CallInfo, reason: unknown, sent: boolean): RuntimeError {
  const why = sent ? 'no answer came' : 'it was not sent any more';
  return new RuntimeError(
    'RUNTIME_TIMEOUT',
    `${call.what} at ${describeHost(call.host)}: ${why} (${sentenceOf(reason)})`,
    call.mutating && sent ? 'maybe' : 'no',
    { cause: reason },
  );
}

/** The engine, or a proxy before it, answered with a status that means no. */
export function statusError(call: CallInfo, status: number, body: string): RuntimeError {
  const words = printable(messageOf(body), 500);
  const detail = `${call.what}: ${status} ${words}`.trimEnd();
  if (status === 401 || status === 403) {
    return new RuntimeError('RUNTIME_FORBIDDEN', `${detail} (from ${describeHost(call.host)})`, 'no');
  }
  // A restart whose container cannot be started again (its network is gone) is a 404 too, and it has stopped it.
  if (status === 404 && (!call.mutating || /no such container/i.test(words))) {
    return new RuntimeError('RUNTIME_GONE', detail, 'no');
  }
  return new RuntimeError('RUNTIME_FAILED', detail, call.mutating && status !== 400 ? 'maybe' : 'no');
}

/** The engine answered, and not in its own words. */
export function garbageError(call: CallInfo, why: string): RuntimeError {
  return new RuntimeError(
    'RUNTIME_FAILED',
    `${call.what}: the answer of ${describeHost(call.host)} cannot be read: ${why}`,
    call.mutating ? 'maybe' : 'no',
  );
}

/** The remedy that fits this very machine: the group that owns the socket, by its number. */
function forbidden({ host, what }: CallInfo): string {
  if (host.kind !== 'unix') return `${what} at ${describeHost(host)}`;
  const me = `this process runs as ${process.getuid?.() ?? '?'}:${process.getgid?.() ?? '?'}`;
  try {
    const { uid, gid, mode } = statSync(host.path);
    const rights = (mode & 0o777).toString(8).padStart(4, '0');
    return (
      `${what} at ${describeHost(host)}: the socket belongs to ${uid}:${gid} with mode ${rights}, ${me}; ` +
      `give it the group ${gid} (\`group_add: ["${gid}"]\`, or \`docker run --group-add ${gid}\`)`
    );
  } catch {
    // The folder above it is closed to us as well: then there is no group to name.
    return `${what} at ${describeHost(host)}: the socket cannot even be looked at, ${me}`;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error), 200);
  // Several addresses of one name were tried: the sentences are inside, and the outer one is empty.
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(sentenceOf).join('; ');
  }
  return printable(error.message, 200);
}

/** The engine wraps its sentence in JSON, proxies do not. */
function messageOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message);
  } catch {
    // Then it is shown as it is.
  }
  return body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
