import { connect } from 'node:net';
import type { Probe } from '../core/target.ts';
import type { ProbeVerdict } from './probeVerdict.ts';

/** Opens a connection and closes it again; nothing is sent. Rejects with the error of the network or of the signal. */
export function probeTcp(probe: Extract<Probe, { kind: 'tcp' }>, signal: AbortSignal): Promise<ProbeVerdict> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<ProbeVerdict>();
  const socket = connect({ host: probe.host, port: probe.port });
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  socket.once('connect', () => resolve({ ok: true, reason: 'connected' }));
  // Stays for the socket's life: an error after the verdict (a reset at closing) must not end the process.
  socket.on('error', reject);
  return promise.finally(() => {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  });
}
