import { type BoundedText, readBounded } from '../boundedText.ts';
import type { Probe } from '../core/target.ts';
import { readPointer } from './jsonPointer.ts';
import type { ProbeVerdict } from './probeVerdict.ts';

type HttpProbe = Extract<Probe, { kind: 'http' }>;

/** How much of an answer is read, bytes; a probe is no download. */
const BODY_BYTES_MAX = 64 * 1024;
const SHOWN_MAX = 60;

/**
 * Asks once and compares the answer with what is expected. A redirection is an answer like any other: it is judged
 * by its status and never followed. Rejects with the error of the network or of the signal.
 */
export async function probeHttp(probe: HttpProbe, signal: AbortSignal): Promise<ProbeVerdict> {
  const response = await fetch(probe.url, {
    method: probe.method,
    redirect: 'manual',
    cache: 'no-store',
    // A connection kept from before a restart would fail the first probe after it; and what is probed is accepting, too.
    headers: { connection: 'close', 'accept-encoding': 'identity', 'user-agent': 'market-programmer-agent' },
    signal,
  });
  try {
    const status = judgeStatus(probe, response.status);
    if (!status.ok || (probe.bodyContains === null && probe.json === null)) return status;
    const body = await readBounded(response, BODY_BYTES_MAX);
    return judgeBody(probe, body) ?? status;
  } finally {
    // What was not read must not keep the connection; a body that was read or broke has nothing left to cancel.
    await response.body?.cancel().catch(() => undefined);
  }
}

function judgeStatus({ statuses }: HttpProbe, status: number): ProbeVerdict {
  const ok = statuses.some(({ from, to }) => from <= status && status <= to);
  if (ok) return { ok, reason: `HTTP ${status}` };
  const wanted = statuses.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
  return { ok, reason: `HTTP ${status}, wanted ${wanted}` };
}

/** `null`: nothing to object to. */
function judgeBody(probe: HttpProbe, body: BoundedText): ProbeVerdict | null {
  if (probe.bodyContains !== null && !body.text.includes(probe.bodyContains)) {
    const where = body.complete ? 'the body' : `the first ${BODY_BYTES_MAX / 1024} KiB of the body`;
    return { ok: false, reason: `${where} does not contain ${show(probe.bodyContains)}` };
  }
  return probe.json === null ? null : judgeJson(probe.json, body);
}

function judgeJson(
  { pointer, equals }: NonNullable<HttpProbe['json']>,
  body: BoundedText,
): ProbeVerdict | null {
  if (!body.complete) {
    return { ok: false, reason: `the body is larger than ${BODY_BYTES_MAX / 1024} KiB and was not parsed` };
  }
  let document: unknown;
  try {
    document = JSON.parse(body.text);
  } catch {
    return { ok: false, reason: 'the body is not JSON' };
  }
  const place = readPointer(document, pointer);
  const where = pointer === '' ? 'the whole document' : pointer;
  if (!place.found) return { ok: false, reason: `${where} is not in the answer, wanted ${show(equals)}` };
  if (place.value === equals) return null;
  return { ok: false, reason: `${where} is ${show(place.value)}, wanted ${show(equals)}` };
}

/** Short enough for a sentence; what the service said stays recognisable as its own words. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}...`;
}
