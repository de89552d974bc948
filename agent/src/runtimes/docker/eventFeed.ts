import { containerName, listContainers } from './containers.ts';
import type { EngineClient, Query } from './engineClient.ts';
import { engineInfo } from './engineSchema.ts';
import { sharedNetworkOf } from './sharedNetwork.ts';

/** What a source of events needs of this engine. */
export function eventFeed(client: EngineClient) {
  return {
    /** Resolves when the engine has begun to answer; the stream then lasts until the signal aborts it. */
    events: (query: Query, signal: AbortSignal) =>
      client.stream({ what: 'follow events', path: '/events', query }, signal),
    endsSurvivors: async (signal: AbortSignal) => {
      const { LiveRestoreEnabled } = await client.read({ what: 'info', path: '/info' }, engineInfo, signal);
      return LiveRestoreEnabled === false;
    },
    list: async (signal: AbortSignal) =>
      (await listContainers(client, [], signal)).map((container) => ({
        id: container.Id,
        name: containerName(container),
        labels: container.Labels,
        state: container.State,
        status: container.Status,
        sharesNetworkOf: sharedNetworkOf(container.HostConfig?.NetworkMode),
      })),
  };
}
