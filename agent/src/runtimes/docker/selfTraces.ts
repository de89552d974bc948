import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where the traces of a container are looked for; a test puts its own there. */
export type SelfTraces = {
  readonly mountinfo: string;
  readonly cgroup: string;
  /** Files that container engines leave in every container. */
  readonly markers: readonly string[];
  readonly hostname: string;
};

/** The traces of this very process. */
export function ownTraces(): SelfTraces {
  return {
    mountinfo: '/proc/self/mountinfo',
    cgroup: '/proc/self/cgroup',
    markers: ['/.dockerenv', '/run/.containerenv'],
    hostname: hostname(),
  };
}

/** A container that the agent may be in, and which trace says so. */
export type Candidate = {
  readonly id: string;
  readonly how: 'mountinfo' | 'cgroup' | 'hostname' | 'setting';
};

/** The files that Docker mounts into every container, out of a folder named by the container's id. */
const MOUNTED_BY_ENGINE = new Set(['/etc/hostname', '/etc/hosts', '/etc/resolv.conf']);
/** Docker: `…/containers/<id>/hosts`; Podman: `…/overlay-containers/<id>/userdata/hosts`. */
const CONTAINER_FOLDER = /[/-]containers\/([0-9a-f]{64})\//;
/** `/docker/<id>`, `/system.slice/docker-<id>.scope`. */
const CGROUP_ID = /[/-]([0-9a-f]{64})(?:\.scope)?(?:\/|$)/;
const SHORT_ID = /^[0-9a-f]{12}$/;

/** What the traces say, the surest first. */
export function candidatesFrom(traces: SelfTraces): readonly Candidate[] {
  const mounted = mountedId(readOrEmpty(traces.mountinfo));
  const grouped = groupedId(readOrEmpty(traces.cgroup));
  return [
    ...(mounted === null ? [] : [{ id: mounted, how: 'mountinfo' as const }]),
    ...(grouped === null ? [] : [{ id: grouped, how: 'cgroup' as const }]),
    ...(SHORT_ID.test(traces.hostname) ? [{ id: traces.hostname, how: 'hostname' as const }] : []),
  ];
}

/** The file that says that this is some container, or `null`. */
export function markerIn({ markers }: SelfTraces): string | null {
  return markers.find((path) => existsSync(path)) ?? null;
}

/** Field 4 is what is mounted, field 5 where. On the host of an engine, ids stand in field 5 only. */
function mountedId(mountinfo: string): string | null {
  for (const line of mountinfo.split('\n')) {
    const [, , , root = '', mountPoint = ''] = line.split(' ');
    const id = MOUNTED_BY_ENGINE.has(mountPoint) ? CONTAINER_FOLDER.exec(root)?.[1] : undefined;
    if (id !== undefined) return id;
  }
  return null;
}

/** With cgroup v2 and a namespace of its own it says nothing, `0::/`. */
function groupedId(cgroup: string): string | null {
  for (const line of cgroup.split('\n')) {
    const id = CGROUP_ID.exec(line)?.[1];
    if (id !== undefined) return id;
  }
  return null;
}

/** Where there is no such file (another operating system), it says nothing. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
