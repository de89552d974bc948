import { createHash } from 'node:crypto';

/**
 * The environment variable by which a process that we started is known again when the record of it was lost, or was
 * never written because the agent was killed right after the spawn. Children of the process inherit it.
 */
export const MARKER_VARIABLE = 'MPA_LOCAL_ID';

/** What the marker of every run of one process of one agent begins with. */
export function markerPrefix(folder: string, name: string): string {
  const agent = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return `${agent}/${encodeURIComponent(name)}/`;
}

/** @param startedAt Milliseconds since the epoch; with it the identity of the run survives the loss of its record. */
export function markerOf(prefix: string, startedAt: number): string {
  return `${prefix}${startedAt}`;
}

/** When the run began that carries this marker; `null` when it is none of ours. */
export function startedAtOf(prefix: string, marker: string): number | null {
  if (!marker.startsWith(prefix)) return null;
  const digits = marker.slice(prefix.length);
  return /^\d{1,16}$/.test(digits) ? Number(digits) : null;
}
