import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { dockerConfigFolder, repositoryFolder } from '../e2e/lab/labFolder.ts';
import { productionModules } from './productionModules.ts';

const run = promisify(execFile);
const BUILD_MS = 300_000;
const LOOK_MS = 10_000;

export type AgentImageOptions = {
  /** Name of the image. */
  readonly tag: string;
  /** An image with Node 26 that the engine has or can pull. */
  readonly base: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** With the packages that the analyst needs; default: without. */
  readonly analyst?: boolean;
  /** Environment of the Docker client. */
  readonly environment?: NodeJS.ProcessEnv;
};

/**
 * Builds the agent's image of what is installed here, so that the build itself needs no network. What has not changed
 * comes from the builder's cache.
 *
 * @returns the image's id.
 * @throws Error with the builder's own words, or when there is no buildx.
 */
export async function buildAgentImage(options: AgentImageOptions): Promise<string> {
  const environment = await withBuildx(options.environment ?? process.env);
  const context = await mkdtemp(join(tmpdir(), 'mpa-image-'));
  try {
    await stage(context, options.analyst === true);
    const idFile = join(context, '.iid');
    const labels = Object.entries(options.labels ?? {}).map(([name, value]) => `${name}=${value}`);
    const buildArgs = [
      'DEPENDENCIES=staged',
      `BASE=${options.base}`,
      `VERSION=${await versionOf(repositoryFolder)}`,
      `REVISION=${await revisionOf(repositoryFolder)}`,
    ];
    const args = [
      ...['buildx', 'build', '--quiet', '--load', '--tag', options.tag, '--iidfile', idFile],
      ...labels.flatMap((label) => ['--label', label]),
      ...buildArgs.flatMap((argument) => ['--build-arg', argument]),
      context,
    ];
    await run('docker', args, { env: environment, timeout: BUILD_MS });
    return (await readFile(idFile, 'utf8')).trim();
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Puts into the folder what the Dockerfile copies, and nothing else. */
async function stage(context: string, analyst: boolean): Promise<void> {
  for (const file of ['Dockerfile', 'LICENSE', 'package.json', 'agent/package.json']) {
    await mkdir(dirname(join(context, file)), { recursive: true });
    await copyFile(join(repositoryFolder, file), join(context, file));
  }
  await cp(join(repositoryFolder, 'agent', 'src'), join(context, 'agent', 'src'), { recursive: true });
  await mkdir(join(context, 'data'));
  for (const path of productionModules(repositoryFolder, 'agent', { optional: analyst })) {
    await copyPackage(join(repositoryFolder, path), join(context, path));
  }
  const prune = join(repositoryFolder, 'scripts', 'pruneModules.ts');
  await run(process.execPath, [prune, join(context, 'node_modules')]);
  // Nothing is to be left out of this context: the repository's own list is for the whole repository.
  await writeFile(join(context, '.dockerignore'), '.iid\n');
}

/** Without the packages that are installed inside of it: each that is needed is copied by its own path. */
async function copyPackage(from: string, to: string): Promise<void> {
  const filter = (path: string) => path === from || basename(path) !== 'node_modules';
  await cp(from, to, { recursive: true, filter });
}

async function versionOf(root: string): Promise<string> {
  // Our own file: `version` is a string there.
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The commit, where there is one to name: an archive of the sources has none. */
async function revisionOf(root: string): Promise<string> {
  try {
    return (await run('git', ['-C', root, 'rev-parse', 'HEAD'], { timeout: LOOK_MS })).stdout.trim();
  } catch {
    return 'unknown';
  }
}

/** The Dockerfile skips the stages that it does not need, which only BuildKit can. */
async function withBuildx(environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const lab = existsSync(dockerConfigFolder())
    ? [{ ...environment, DOCKER_CONFIG: dockerConfigFolder() }]
    : [];
  for (const env of [environment, ...lab]) {
    const has = await run('docker', ['buildx', 'version'], { env, timeout: LOOK_MS }).then(
      () => true,
      () => false,
    );
    if (has) return env;
  }
  throw new Error('the image is built with buildx, and `docker buildx version` fails; install the plugin');
}
