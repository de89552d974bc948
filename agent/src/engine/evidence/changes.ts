import type { EvidencePiece } from '../../core/evidence.ts';
import { printable } from '../../core/printable.ts';
import type { Instance } from '../../core/target.ts';
import { duration } from '../../core/words.ts';
import { deploymentOf, type WellInstance, type WellState } from './wellStates.ts';

/** Instances of which a change is told. */
const TOLD_MAX = 20;

/**
 * What is different from when the target was last seen well: image, configuration, containers. `null`: it was never
 * seen well, so there is nothing to compare with.
 *
 * @param states As what it was seen well, oldest first.
 * @param openedAt When the incident was opened, milliseconds since the epoch.
 */
export function changesSince(
  states: readonly WellState[],
  instances: readonly Instance[],
  openedAt: number,
): EvidencePiece | null {
  const last = states.at(-1);
  if (last === undefined) return null;
  const differences = differencesOf(last.instances, instances);
  const lines = [
    `last seen well: ${iso(last.lastAt)}, ${ago(last.lastAt, openedAt)}`,
    ...(differences.length === 0 ? ['since then: nothing has changed'] : differences.slice(0, TOLD_MAX)),
    ...deploymentBefore(states, openedAt),
  ];
  return {
    kind: 'changes',
    instance: '',
    text: lines.map((line) => printable(line)).join('\n'),
    truncated: differences.length > TOLD_MAX,
  };
}

function differencesOf(then: readonly WellInstance[], now: readonly Instance[]): readonly string[] {
  const before = new Map(then.map((instance) => [instance.name, instance]));
  const names = new Set(now.map(({ name }) => name));
  const gone = then.filter(({ name }) => !names.has(name)).map(({ name }) => `${name}: is gone`);
  return [...now.flatMap((instance) => differenceOf(before.get(instance.name), instance)), ...gone];
}

function differenceOf(then: WellInstance | undefined, now: WellInstance): readonly string[] {
  if (then === undefined) return [`${now.name}: is new`];
  const changed = revisionChange(then.revision, now.revision);
  if (changed.length > 0) return changed.map((change) => `${now.name}: ${change}`);
  if (then.id !== now.id) return [`${now.name}: was recreated, with the same image and configuration`];
  if (then.startedAt === now.startedAt || now.startedAt === null) return [];
  return [`${now.name}: was started anew at ${iso(now.startedAt)}`];
}

/** When the deployment that is seen now took the place of another one: a failure soon after is likely its doing. */
function deploymentBefore(states: readonly WellState[], openedAt: number): readonly string[] {
  const [former, last] = states.slice(-2);
  if (former === undefined || last === undefined) return [];
  const changes = revisionChange(deploymentOf(former), deploymentOf(last));
  return [
    `deployment before it: last seen well ${iso(former.lastAt)}, replaced by ${iso(last.firstAt)}, ${ago(last.firstAt, openedAt)}`,
    ...changes.map((change) => `replaced then: ${change}`),
  ];
}

/** A revision is one word or several: of a container the id of its image, and what names its configuration. */
function revisionChange(then: string, now: string): readonly string[] {
  const [before, after] = [then, now].map((revision) => revision.split(/\s+/).filter((word) => word !== ''));
  return (['image', 'configuration'] as const).flatMap((part) => {
    const was = before?.filter((word) => partOf(word) === part).join(' ') ?? '';
    const is = after?.filter((word) => partOf(word) === part).join(' ') ?? '';
    return was === is ? [] : [`${part} changed from ${was || 'none'} to ${is || 'none'}`];
  });
}

function partOf(word: string): 'image' | 'configuration' {
  return word.startsWith('sha256:') ? 'image' : 'configuration';
}

function ago(at: number, openedAt: number): string {
  return at > openedAt ? 'after the incident was opened' : `${duration(openedAt - at)} before the incident`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
