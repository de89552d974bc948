import type { SelfIdentity } from '../../core/guards/guard.ts';
import { MpaError } from '../../errors.ts';
import type { SelfFinder } from '../../ports.ts';
import { inspectContainer } from './containers.ts';
import type { EngineClient } from './engineClient.ts';
import { engineInfo, type Inspected } from './engineSchema.ts';
import { COMPOSE_PROJECT, COMPOSE_SERVICE } from './labels.ts';
import { type Candidate, candidatesFrom, markerIn, ownTraces, type SelfTraces } from './selfTraces.ts';

/** What the engine says of a candidate. `stranger`: it answered, and knows no such container. */
type Confirmation =
  | { readonly kind: 'confirmed'; readonly identity: SelfIdentity }
  | { readonly kind: 'stranger' | 'unconfirmed'; readonly reason: string };

/**
 * Finds the agent's own container. What the traces say is believed only when the engine that the agent acts on
 * confirms it; in a container and without that, the answer is `unknown`, and may be asked for again.
 */
export class DockerSelf implements SelfFinder {
  readonly #client: EngineClient;
  readonly #configured: string | null;
  readonly #traces: SelfTraces;

  /** @param configured Id or name of the agent's container, where the configuration gives it. */
  constructor(client: EngineClient, configured: string | null, traces: SelfTraces = ownTraces()) {
    this.#client = client;
    this.#configured = configured;
    this.#traces = traces;
  }

  async find(signal: AbortSignal): Promise<SelfIdentity> {
    const candidates: readonly Candidate[] =
      this.#configured === null ? candidatesFrom(this.#traces) : [{ id: this.#configured, how: 'setting' }];
    const marker = markerIn(this.#traces);
    if (candidates.length === 0 && marker === null) return { kind: 'outside' };

    const refusals: Exclude<Confirmation, { readonly kind: 'confirmed' }>[] = [];
    for (const candidate of candidates) {
      const answer = await this.#confirm(candidate, signal);
      if (answer.kind === 'confirmed') return answer.identity;
      refusals.push(answer);
    }
    const reasons = [
      ...(marker === null ? [] : [`${marker} says that this is a container`]),
      ...refusals.map(({ reason }) => reason),
    ];
    if (this.#configured === null && refusals.every(({ kind }) => kind === 'stranger')) {
      // A host may be called like an id. Without any other trace, and unknown to the engine, it is just a name.
      if (marker === null && candidates.every(({ how }) => how === 'hostname')) return { kind: 'outside' };
      const beside = await this.#isBesideEngine(signal);
      if (beside === true) return { kind: 'outside' };
      reasons.push(beside);
    }
    return { kind: 'unknown', reason: reasons.join('; ') };
  }

  async #confirm({ id, how }: Candidate, signal: AbortSignal): Promise<Confirmation> {
    try {
      const container = await inspectContainer(this.#client, id, signal);
      const { Name, State, Config } = container;
      if (State.Status !== 'running') {
        return { kind: 'unconfirmed', reason: `${how}: container ${Name} is ${State.Status}` };
      }
      // A name is no proof: any container can be called like this host.
      if (how === 'hostname' && !(container.Id.startsWith(id) && Config.Hostname === id)) {
        return { kind: 'unconfirmed', reason: `${how}: container ${Name} has another host name` };
      }
      return { kind: 'confirmed', identity: identityOf(container, how) };
    } catch (error) {
      if (!(error instanceof MpaError)) throw error;
      if (error.code !== 'RUNTIME_GONE') return { kind: 'unconfirmed', reason: `${how}: ${error.detail}` };
      return { kind: 'stranger', reason: `${how}: the engine knows no container ${id}` };
    }
  }

  /**
   * Whether the engine runs on the very system that the agent runs on, so that the agent is in none of its
   * containers: a virtual machine made from an image, or a container with an engine of its own, both have the
   * marker too. Asked only when the engine knows none of the traces; if not, the answer says why.
   */
  async #isBesideEngine(signal: AbortSignal): Promise<true | string> {
    if (this.#client.host.kind !== 'unix') return 'the engine is asked over the network';
    try {
      const { Name } = await this.#client.read({ what: 'info', path: '/info' }, engineInfo, signal);
      const own = this.#traces.hostname;
      return Name !== '' && Name === own
        ? true
        : `the engine runs on ${Name || '(no name)'}, and this is ${own}`;
    } catch (error) {
      if (!(error instanceof MpaError)) throw error;
      return error.detail;
    }
  }
}

function identityOf(container: Inspected, how: Candidate['how']): SelfIdentity {
  const project = container.Config.Labels[COMPOSE_PROJECT];
  const service = container.Config.Labels[COMPOSE_SERVICE];
  const qualified = project === undefined || service === undefined ? undefined : `${project}/${service}`;
  const names = [container.Name, service, qualified].filter((name) => name !== undefined);
  return { kind: 'container', id: container.Id, names: [...new Set(names)], how };
}
