import type Docker from 'dockerode';

/** Removes all containers, then all networks and volumes, that carry the label (`key=value`), running or not. */
export async function removeLabelled(docker: Docker, label: string): Promise<void> {
  const filters = { label: [label] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    await unlessGone(docker.getContainer(Id).remove({ force: true, v: true }));
  }
  for (const { Id } of await docker.listNetworks({ filters })) {
    await unlessGone(docker.getNetwork(Id).remove());
  }
  for (const { Name } of (await docker.listVolumes({ filters })).Volumes) {
    await unlessGone(docker.getVolume(Name).remove());
  }
}

/** "No such thing" and "its removal is under way" are what was wanted. */
async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
    if (status !== 404 && status !== 409) throw error;
  }
}
