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
/** Change it with the recipe below: it is part of what makes an image outdated. */
const recipe = 'mpa-lab base image, recipe 1';
const contentLabel = 'mpa.lab.content';

const smallFiles: Readonly<Record<string, string>> = {
  'etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000:node:/home/node:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  'etc/group': 'root:x:0:\nnode:x:1000:\nnogroup:x:65534:\n',
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};
const shellTools = ['sh', 'cat', 'echo', 'kill', 'ls', 'mkdir', 'nc', 'ps', 'rm', 'sleep', 'true', 'wget'];

/**
 * Sees to it that the engine has {@link baseImage}. It is built from this machine's own files when it is absent or
 * when they have changed; else this takes as long as hashing them (about 0.2 s).
 */
export async function ensureBaseImage({ docker, dockerHost }: Engine): Promise<void> {
  const files = await filesToCopy();
  const content = await hashOf(files);
  const present = await docker.listImages({
    filters: { reference: [baseImage], label: [`${contentLabel}=${content}`] },
  });
  if (present.length > 0) return;
  await importImage(files, content, dockerHost);
  // The outdated ones have lost their name with the import; nothing else would ever remove them.
  await docker.pruneImages({ filters: { dangling: ['true'], label: ['mpa.lab=1'] } });
}

/** Path in the image, without the leading slash, to path on this machine. */
async function filesToCopy(): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run('ldd', [process.execPath]);
  const libraries = [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].flatMap(([, path]) => path ?? []);
  return new Map([
    ['usr/local/bin/node', await realpath(process.execPath)],
    ['bin/busybox', findProgram('busybox')],
    ['etc/ssl/certs/ca-certificates.crt', '/etc/ssl/certs/ca-certificates.crt'],
    ...libraries.map((path): [string, string] => [path.slice(1), path]),
  ]);
}

async function hashOf(files: ReadonlyMap<string, string>): Promise<string> {
  const hash: Hash = createHash('sha256').update(recipe);
  for (const [target, source] of files) {
    hash.update(`\0${target}\0`);
    for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  }
  return hash.digest('hex').slice(0, 32);
}

async function importImage(
  files: ReadonlyMap<string, string>,
  content: string,
  dockerHost: string,
): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'mpa-lab-image-'));
  try {
    const root = join(work, 'root');
    const tar = join(work, 'root.tar');
    await stage(root, files);
    await run('tar', [
      '--create',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '--file',
      tar,
      '--directory',
      root,
      '.',
    ]);
    const changes = [
      `LABEL mpa.lab=1 ${contentLabel}=${content}`,
      'ENV PATH=/usr/local/bin:/usr/bin:/bin',
      'CMD ["node"]',
    ].flatMap((change) => ['--change', change]);
    await run('docker', ['import', ...changes, tar, baseImage], {
      env: { ...process.env, DOCKER_HOST: dockerHost },
      timeout: 60_000,
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function stage(root: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const folder of ['tmp', 'etc', 'root', 'home/node', 'proc', 'sys', 'dev']) {
    await mkdir(join(root, folder), { recursive: true, mode: 0o755 });
  }
  await chmod(join(root, 'tmp'), 0o1777);
  for (const [target, source] of files) {
    await mkdir(dirname(join(root, target)), { recursive: true });
    await copyFile(source, join(root, target));
  }
  for (const [target, text] of Object.entries(smallFiles)) await writeFile(join(root, target), text);
  for (const tool of shellTools) await symlink('busybox', join(root, 'bin', tool));
}
