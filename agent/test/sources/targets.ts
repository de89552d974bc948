import type { Probe, Target } from '../../src/core/target.ts';
import { sampleTarget } from '../fakes/target.ts';

type HttpProbe = Extract<Probe, { kind: 'http' }>;

/** A target that is nothing but its probes. */
export function targetWith(probes: readonly Probe[], rest: Partial<Target> = {}): Target {
  const process = { command: ['true'], cwd: null, env: {}, stopTimeoutMs: 1_000 };
  return sampleTarget({
    name: 'shop',
    runtime: 'local',
    selector: { by: 'process', process },
    probes,
    ...rest,
  });
}

/** The plainest HTTP probe. */
export function httpProbe(url: string, rest: Partial<HttpProbe> = {}): HttpProbe {
  return {
    kind: 'http',
    name: 'health',
    url,
    method: 'GET',
    statuses: [{ from: 200, to: 299 }],
    bodyContains: null,
    json: null,
    timeoutMs: 5_000,
    ...rest,
  };
}

export function tcpProbe(port: number, timeoutMs = 5_000): Probe {
  return { kind: 'tcp', name: 'port', host: '127.0.0.1', port, timeoutMs };
}
