import { execFile } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from './engine.ts';
import { findProgram } from './labFolder.ts';

const run = promisify(execFile);

/** The base of every container in the lab: Node 26, its libraries, a shell; nothing is pulled. */
export const baseImage = 'mpa-lab/node:26';
const contentLabel = 'mpa.lab.content';

/** An image that is made of this machine's own files. */
export type LocalImage = {
  readonly tag: string;
  /** Path in the image, without the leading slash, to path on this machine. */
  readonly files: ReadonlyMap<string, string>;
  /** Folders that whoever runs in it may write to, without the leading slash. */
  readonly writable?: readonly string[];
  /** Instructions of a Dockerfile that need no build. */
  readonly changes: readonly string[];
};

const smallFiles: Readonly<Record<string, string>> = {
  'etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000:node:/home/node:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  'etc/group': 'root:x:0:\nnode:x:1000:\nnogroup:x:65534:\n',
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};
const shellTools = ['sh', 'cat', 'echo', 'kill', 'ls', 'mkdir', 'nc', 'ps', 'rm', 'sleep', 'true', 'wget'];

/** Sees to it that the engine has {@link baseImage}. */
export async function ensureBaseImage(engine: Engine): Promise<void> {
  const node = await realpath(process.execPath);
  await ensureLocalImage(engine, {
    tag: baseImage,
    files: new Map([['usr/local/bin/node', node], ...(await librariesOf(node))]),
    changes: ['CMD ["node"]'],
  });
}

/**
 * Sees to it that the engine has an image of these files, a shell, and the certificates. It is built when it is absent
 * or when something of it has changed; else this takes as long as hashing the files (about 0.2 s).
 */
export async function ensureLocalImage({ docker, dockerHost }: Engine, image: LocalImage): Promise<void> {
  const files = new Map([
    ...image.files,
    ['bin/busybox', findProgram('busybox')] as const,
    ['etc/ssl/certs/ca-certificates.crt', '/etc/ssl/certs/ca-certificates.crt'] as const,
  ]);
  const content = await hashOf(image, files);
  const present = await docker.listImages({
    filters: { reference: [image.tag], label: [`${contentLabel}=${content}`] },
  });
  if (present.length > 0) return;
  await importImage({ ...image, files }, content, dockerHost);
  // The outdated ones have lost their name with the import; nothing else would ever remove them.
  await docker.pruneImages({ filters: { dangling: ['true'], label: ['mpa.lab=1'] } });
}

/** The shared libraries of a program, each at its own path. A program without any has none. */
export async function librariesOf(program: string): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run('ldd', [program]);
  const paths = [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].flatMap(([, path]) => path ?? []);
  return new Map(paths.map((path) => [path.slice(1), path]));
}

async function hashOf(image: LocalImage, files: ReadonlyMap<string, string>): Promise<string> {
  const { tag, writable = [], changes } = image;
  const hash: Hash = createHash('sha256').update(
    JSON.stringify([tag, writable, changes, smallFiles, shellTools]),
  );
  for (const [target, source] of files) {
    hash.update(`\0${target}\0`);
    for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  }
  return hash.digest('hex').slice(0, 32);
}

async function importImage(image: LocalImage, content: string, dockerHost: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'mpa-lab-image-'));
  try {
    const root = join(work, 'root');
    const tar = join(work, 'root.tar');
    await stage(root, image);
    const owner = ['--owner=0', '--group=0', '--numeric-owner'];
    await run('tar', ['--create', ...owner, '--file', tar, '--directory', root, '.']);
    const changes = [
      `LABEL mpa.lab=1 ${contentLabel}=${content}`,
      'ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/bin',
      ...image.changes,
    ].flatMap((change) => ['--change', change]);
    await run('docker', ['import', ...changes, tar, image.tag], {
      env: { ...process.env, DOCKER_HOST: dockerHost },
      timeout: 60_000,
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function stage(root: string, { files, writable = [] }: LocalImage): Promise<void> {
  for (const folder of ['etc', 'root', 'home/node', 'proc', 'sys', 'dev']) {
    await mkdir(join(root, folder), { recursive: true, mode: 0o755 });
  }
  for (const folder of ['tmp', ...writable]) {
    await mkdir(join(root, folder), { recursive: true });
    await chmod(join(root, folder), 0o1777);
  }
  for (const [target, source] of files) {
    await mkdir(dirname(join(root, target)), { recursive: true });
    await copyFile(source, join(root, target));
  }
  for (const [target, text] of Object.entries(smallFiles)) await writeFile(join(root, target), text);
  for (const tool of shellTools) await symlink('busybox', join(root, 'bin', tool));
}
