// The mechanical part of the style, so that nobody argues about it: which way the arrows point, and who may ask for
// the time.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const SRC = join(import.meta.dirname, '..', 'src');
const files = globSync('**/*.ts', { cwd: SRC });

/** The part of the house that a file belongs to; files beside the folders are shared by all but the core. */
function partOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  if (first === 'runtimes') return `runtimes/${second}`;
  return file.includes('/') ? first : 'shared';
}

/** What each part may import besides itself, the core and the shared files. The composition root may import all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  // The index of the ports.
  shared: ['ports'],
  ports: [],
  engine: [],
  actions: [],
  config: [],
  demo: [],
  diagnosis: [],
  http: ['report'],
  journal: [],
  notify: [],
  report: [],
  'runtimes/docker': [],
  'runtimes/local': [],
  sources: [],
  telemetry: [],
  // The command line shows what the others find, and speaks the API by the schemas that it is served by.
  cli: ['config', 'demo', 'diagnosis', 'http', 'journal'],
};
const ROOT = new Set(['serve', 'main.ts', 'healthcheck.ts']);

/** Every import of one file of ours by another, as paths below `src`. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = text.matchAll(/(?:from|import\()\s*'(\.{1,2}\/[^']+)'/g);
  return [...found].map(([, path]) => relative(SRC, join(SRC, dirname(file), path ?? '')));
}

test('arrows point one way: adapters know the core and the ports, never each other', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const part = partOf(file);
    if (ROOT.has(part) || ROOT.has(file)) continue;
    const allowed = new Set([
      part,
      'core',
      ...(part === 'core' ? [] : ['shared']),
      ...(MAY_IMPORT[part] ?? []),
    ]);
    for (const imported of importsOf(file)) {
      if (!allowed.has(partOf(imported))) wrong.push(`${file} imports ${imported}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('every part of the source has its place in the table of arrows', () => {
  const parts = new Set(files.filter((file) => !ROOT.has(file)).map(partOf));
  parts.delete('serve');
  assert.deepEqual([...parts].sort(), Object.keys(MAY_IMPORT).sort());
});

test('time and chance come in as parameters: only the clock asks the machine', () => {
  const banned =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(|\bperformance\.now\(/;
  const asking = files.filter((file) => banned.test(readFileSync(join(SRC, file), 'utf8')));
  assert.deepEqual(asking, ['systemClock.ts']);
});

test('there are no circles: each file can be understood after those that it imports', () => {
  const open = new Map(files.map((file) => [file, importsOf(file)]));
  // What imports nothing that is still open is understood; what is left in the end goes round in circles.
  let before = Number.POSITIVE_INFINITY;
  while (open.size < before) {
    before = open.size;
    for (const [file, imported] of open) if (!imported.some((other) => open.has(other))) open.delete(file);
  }
  assert.deepEqual([...open.keys()], []);
});
