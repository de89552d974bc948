import type { Observation, ProbeResult } from '../core/observation.ts';
import type { Probe, Target } from '../core/target.ts';
import { inWords } from '../networkError.ts';
import type { Clock, Prober } from '../ports.ts';
import { deadlineIn } from './deadline.ts';
import { probeHttp } from './httpProbe.ts';
import type { ProbeVerdict } from './probeVerdict.ts';
import { probeTcp } from './tcpProbe.ts';

/** Makes the probes of a target over the network, all at once, each under its own deadline. */
export class NetworkProber implements Prober {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Never rejects. When the signal ends first, what is not yet known is a failed result that says so. */
  async probe(target: Target, signal: AbortSignal): Promise<Observation['probes']> {
    return await Promise.all(target.probes.map((probe) => this.#run(probe, signal)));
  }

  async #run(probe: Probe, signal: AbortSignal): Promise<ProbeResult> {
    const startedAt = this.#clock.monotonic();
    const { ok, reason } = await this.#verdict(probe, signal);
    return { name: probe.name, ok, reason, durationMs: this.#clock.monotonic() - startedAt };
  }

  async #verdict(probe: Probe, signal: AbortSignal): Promise<ProbeVerdict> {
    using deadline = deadlineIn(this.#clock, probe.timeoutMs, signal);
    try {
      return probe.kind === 'http'
        ? await probeHttp(probe, deadline.signal)
        : await probeTcp(probe, deadline.signal);
    } catch (error) {
      if (deadline.expired()) return { ok: false, reason: `no answer in ${seconds(probe.timeoutMs)}` };
      if (signal.aborted) return { ok: false, reason: 'no answer by the end of the look' };
      return { ok: false, reason: inWords(error) };
    }
  }
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(3))} s`;
}
