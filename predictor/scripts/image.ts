// `npm run image -w @mpa/predictor [-- --tag NAME --base IMAGE]`: builds the image of what is installed here, so that
// the build itself needs no network.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { productionModules } from '../../scripts/productionModules.ts';

const { values } = parseArgs({
  options: {
    tag: { type: 'string', default: 'mpa-predictor' },
    base: { type: 'string', default: 'node:26-slim' },
    label: { type: 'string', multiple: true, default: [] },
  },
});

const root = fileURLToPath(new URL('../..', import.meta.url));
const context = mkdtempSync(join(tmpdir(), 'predictor-image-'));
try {
  stage();
  const options = [
    ...['--tag', values.tag, '--build-arg', 'DEPENDENCIES=staged', '--build-arg', `BASE=${values.base}`],
    ...values.label.flatMap((label) => ['--label', label]),
  ];
  execFileSync('docker', ['buildx', 'build', '--quiet', '--load', ...options, context], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
} finally {
  rmSync(context, { recursive: true, force: true });
}

/** Puts into the context what the Dockerfile copies, and nothing else. */
function stage(): void {
  for (const path of ['LICENSE', 'package.json', 'predictor/package.json', 'predictor/src', 'predictor/data'])
    copy(path);
  cpSync(join(root, 'predictor', 'Dockerfile'), join(context, 'Dockerfile'));
  mkdirSync(join(context, 'volume'));
  for (const path of productionModules(root, 'predictor')) {
    // What is installed inside a package is copied by its own path where it is needed.
    copy(path, (from) => from === join(root, path) || basename(from) !== 'node_modules');
  }
  execFileSync(process.execPath, [join(root, 'scripts', 'pruneModules.ts'), join(context, 'node_modules')]);
  writeFileSync(join(context, '.dockerignore'), '');
}

function copy(path: string, filter: (from: string) => boolean = () => true): void {
  mkdirSync(dirname(join(context, path)), { recursive: true });
  cpSync(join(root, path), join(context, path), { recursive: true, filter });
}
