import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Dockerode from 'dockerode';

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

const FILES = ['Dockerfile', 'sample.ts'];
const LOOK_MS = 3_000;
const BUILD_MS = 30_000;
const PULL_MS = 30_000;

export type SampleImageOptions = {
  readonly docker: Dockerode;
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
  const base = await firstPresent(docker, bases);
  const image = `mpa-sample:${await contentHash(folder, base ?? bases[0] ?? '')}`;
  if (await isPresent(docker, image)) return image;
  await build(docker, folder, image, base ?? (await pullFirst(docker, bases, say)));
  return image;
}

async function firstPresent(docker: Dockerode, images: readonly string[]): Promise<string | null> {
  for (const image of images) if (await isPresent(docker, image)) return image;
  return null;
}

async function isPresent(docker: Dockerode, image: string): Promise<boolean> {
  const options = { filters: { reference: [image] }, abortSignal: AbortSignal.timeout(LOOK_MS) };
  return (await docker.listImages(options)).length > 0;
}

async function pullFirst(
  docker: Dockerode,
  bases: readonly string[],
  say: (sentence: string) => void,
): Promise<string> {
  const [base] = bases;
  if (base === undefined) throw new Error('there is no image to build the sample on');
  say(`Pulling ${base} for the sample service (at most ${PULL_MS / 1_000} s) ...`);
  const signal = AbortSignal.timeout(PULL_MS);
  await finish(docker, await docker.pull(base, { abortSignal: signal }), signal);
  return base;
}

async function build(docker: Dockerode, folder: string, image: string, base: string): Promise<void> {
  const signal = AbortSignal.timeout(BUILD_MS);
  const progress = await docker.buildImage(
    { context: folder, src: FILES },
    { t: image, buildargs: { BASE: base }, labels: { 'mpa.demo': 'image' }, abortSignal: signal },
  );
  await finish(docker, progress, signal);
}

/** Follows an operation of the engine to its end; an error comes as one of its lines. */
function finish(docker: Dockerode, progress: NodeJS.ReadableStream, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  docker.modem.followProgress(progress, (error, lines: readonly object[] | null) => {
    const failed = lines?.map((line) => Reflect.get(line, 'error')).find((text) => typeof text === 'string');
    if (error !== null) reject(error);
    else if (failed !== undefined) reject(new Error(failed));
    else resolve();
  });
  return promise.finally(() => {
    signal.removeEventListener('abort', abort);
    if ('destroy' in progress && typeof progress.destroy === 'function') progress.destroy();
  });
}

/** Part of the image's name, so that a changed sample is built anew. */
async function contentHash(folder: string, base: string): Promise<string> {
  const hash = createHash('sha256').update(base);
  for (const file of FILES) hash.update(await readFile(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}
