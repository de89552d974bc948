import type Docker from 'dockerode';

/** One thing that the engine did to a container, or saw of it. */
export type Happening = {
  /** As the engine calls it: `start`, `oom`, `die`, ... */
  readonly action: string;
  /** Of a `die`. */
  readonly exitCode: string | undefined;
};

/**
 * What the engine says that happened to a container, in order.
 *
 * @param container Name or id.
 * @param since Seconds since the epoch, as `until`, which is now without it.
 */
export async function happenedTo(
  docker: Docker,
  container: string,
  since: number,
  until = Math.ceil(Date.now() / 1_000),
): Promise<readonly Happening[]> {
  const filters = JSON.stringify({ container: [container], type: ['container'] });
  // With both ends of the time given, the engine answers what was, and ends.
  const stream = await docker.getEvents({ since, until, filters });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { Action: string; Actor: { Attributes: Record<string, string> } })
    .map(({ Action, Actor }) => ({ action: Action, exitCode: Actor.Attributes['exitCode'] }));
}
