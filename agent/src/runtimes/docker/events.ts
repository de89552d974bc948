import { z } from 'zod';
import { printable } from '../../core/printable.ts';
import type { Instance } from '../../core/target.ts';
import type { Excerpt } from '../../ports.ts';
import type { EngineClient } from './engineClient.ts';

/** Events of one instance that are kept; the engine itself holds 256 of all its containers. */
const EVENTS_MAX = 100;
/** More than 256 events with all their labels take: this is no list of events. */
const BYTES_MAX = 4 * 1024 * 1024;

/** What is asked for. Health checks are executions inside, and would be nearly all that is there. */
const NAMES = [
  ...['create', 'start', 'restart', 'stop', 'kill', 'die', 'oom', 'pause', 'unpause', 'rename', 'update'],
  ...['destroy', 'health_status'],
];

const message = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullish() }),
  time: z.number().default(0),
  timeNano: z.number().optional(),
});

/**
 * What the engine did to the container, and to others that bore its name before, in a range of time that lies behind.
 * The engine answers what it still holds and ends the answer; were its clock behind ours, the signal ends it.
 */
export async function readEvents(
  client: EngineClient,
  instance: Instance,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  signal: AbortSignal,
): Promise<Excerpt> {
  const filters = JSON.stringify({
    type: ['container'],
    container: [instance.id, instance.name],
    event: NAMES,
  });
  const query = { filters, since: (fromMs / 1_000).toFixed(3), until: (toMs / 1_000).toFixed(3) };
  const chunks = await client.stream({ what: `events of ${instance.name}`, path: '/events', query }, signal);
  const { text, cut } = await readText(chunks);
  const read = text.split('\n').flatMap((line) => sayEvent(line, instance));
  return { text: read.slice(-EVENTS_MAX).join('\n'), truncated: cut || read.length > EVENTS_MAX };
}

async function readText(
  chunks: AsyncIterable<Buffer>,
): Promise<{ readonly text: string; readonly cut: boolean }> {
  const kept: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > BYTES_MAX) return { text: Buffer.concat(kept).toString('utf8'), cut: true };
    kept.push(chunk);
  }
  return { text: Buffer.concat(kept).toString('utf8'), cut: false };
}

/** One event in words; none for a line that is no event: what can be read of the others is worth having. */
function sayEvent(line: string, instance: Instance): readonly string[] {
  if (line.trim() === '') return [];
  let read: z.output<typeof message>;
  try {
    read = message.parse(JSON.parse(line));
  } catch {
    return [];
  }
  const { Action, Actor, time, timeNano } = read;
  const at = timeNano === undefined ? time * 1_000 : Math.floor(timeNano / 1_000_000);
  const { image, exitCode, signal, oldName } = Actor.Attributes ?? {};
  const facts = [
    Action === 'die' && exitCode !== undefined ? `exit code ${exitCode}` : '',
    Action === 'kill' && signal !== undefined ? `signal ${signal}` : '',
    Action === 'rename' && oldName !== undefined ? `was ${oldName}` : '',
    Action === 'create' && image !== undefined ? `image ${image}` : '',
    // Another container that had its name: it was recreated.
    Actor.ID === instance.id ? '' : `container ${Actor.ID.slice(0, 12)}`,
  ].filter((fact) => fact !== '');
  const words = facts.length === 0 ? Action : `${Action} (${facts.join(', ')})`;
  return [`${new Date(at).toISOString()} ${printable(words)}`];
}
