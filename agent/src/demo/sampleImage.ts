import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DockerCommand } from './dockerCommand.ts';

/** Bases with a Node that runs TypeScript by itself; the first that exists on the machine is taken. */
export const SAMPLE_BASES = [
  'node:26-alpine',
  'node:26-slim',
  'node:26',
  'node:24-alpine',
  'node:24-slim',
  'node:24',
  'node:lts-alpine',
  'node:alpine',
];

const LOOK_MS = 3_000;
const BUILD_MS = 30_000;
const PULL_MS = 30_000;

export type SampleImageOptions = {
  readonly docker: DockerCommand;
  /** Folder of the sample service, with its Dockerfile. */
  readonly folder: string;
  /** Images to build on, the best first. */
  readonly bases: readonly string[];
  /** Says what takes long. */
  readonly say: (sentence: string) => void;
};

/**
 * Sees to it that the engine has the sample's image; answers with its name. It is built of what is here when it can
 * be, and only else is the first base pulled. Rejects with a sentence when it cannot be had.
 */
export async function ensureSampleImage({ docker, folder, bases, say }: SampleImageOptions): Promise<string> {
  const image = `mpa-sample:${await contentHash(folder)}`;
  if (await isPresent(docker, image)) return image;
  const base = (await firstPresent(docker, bases)) ?? (await pullFirst(docker, bases, say));
  const args = ['build', '--quiet', '--tag', image, '--build-arg', `BASE=${base}`, folder];
  await docker.run(args, BUILD_MS);
  return image;
}

async function firstPresent(docker: DockerCommand, images: readonly string[]): Promise<string | null> {
  for (const image of images) if (await isPresent(docker, image)) return image;
  return null;
}

async function isPresent(docker: DockerCommand, image: string): Promise<boolean> {
  return (await docker.run(['image', 'ls', '--quiet', image], LOOK_MS)) !== '';
}

async function pullFirst(
  docker: DockerCommand,
  bases: readonly string[],
  say: (sentence: string) => void,
): Promise<string> {
  const [base] = bases;
  if (base === undefined) throw new Error('there is no image to build the sample on');
  say(`Pulling ${base} for the sample service (at most ${PULL_MS / 1_000} s) ...`);
  await docker.run(['pull', '--quiet', base], PULL_MS);
  return base;
}

/** Part of the image's name, so that a changed sample is built anew. */
async function contentHash(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['Dockerfile', 'sample.ts']) hash.update(await readFile(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}
