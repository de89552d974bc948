import type { Inspected } from './engineSchema.ts';

const SHARED = /^container:(.+)$/;

/** The container whose network one shares, as the engine writes it in its network mode: an id. `null`: none. */
export function sharedNetworkOf(networkMode: string | undefined): string | null {
  return SHARED.exec(networkMode ?? '')?.[1] ?? null;
}

/**
 * Why a running container has no network any more, or `null`. A network that is shared ends with the run of the
 * container that it belongs to; whoever shared it holds on to what is left, until it is started anew itself.
 *
 * @param parent The container whose network it shares; `null`: it is gone.
 */
export function strandedBy(container: Inspected, parent: Inspected | null): string | null {
  if (container.State.Status !== 'running') return null;
  if (parent === null) return 'the container whose network it shares is gone';
  if (parent.State.Status !== 'running' && parent.State.Status !== 'paused')
    return `${parent.Name}, whose network it shares, is ${parent.State.Status}`;
  const [ownAt, parentAt] = [container.State.StartedAt ?? 0, parent.State.StartedAt ?? 0];
  return parentAt > ownAt ? `${parent.Name}, whose network it shares, was started anew after it` : null;
}
