// `node pruneModules.ts FOLDER`: removes from installed packages what no running program reads: types, source maps,
// documents, tests. About half of their size, and what scanners find in tests (keys, old packages) goes with it.
// It stands alone: the image's build runs it where there is nothing else.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** Node refuses TypeScript below node_modules, so that none can be of use there. Licences stay. */
const USELESS_FILE = /\.(?:[cm]?ts|map|markdown)$|^(?!licen[cs]e|notice|copying).*\.md$/i;
/** At a package's own root alone: deeper, such a name can be a module. */
const USELESS_FOLDER =
  /^(?:\.github|\.vscode|test|tests|__tests__|docs?|examples?|benchmarks?|integration)$/i;

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node pruneModules.ts FOLDER');
  process.exit(2);
}
pruneModules(folder);

/** A folder of packages: `node_modules`, or a scope in it. */
function pruneModules(modules: string): void {
  for (const entry of readdirSync(modules, { withFileTypes: true })) {
    const path = join(modules, entry.name);
    // Links of a workspace lead to what is no installed package, and npm's own files are no use to the program.
    if (!entry.isDirectory()) rmSync(path);
    else if (entry.name === '.bin' || entry.name === '@mpa') rmSync(path, { recursive: true });
    else if (entry.name.startsWith('@')) pruneModules(path);
    else prunePackage(path);
  }
}

function prunePackage(root: string): void {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const path = join(root, entry.name);
    if (entry.name === 'node_modules') pruneModules(path);
    else if (entry.isDirectory() && USELESS_FOLDER.test(entry.name)) rmSync(path, { recursive: true });
    else if (entry.isDirectory()) pruneFiles(path);
    else if (USELESS_FILE.test(entry.name)) rmSync(path);
  }
}

function pruneFiles(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) pruneFiles(path);
    else if (USELESS_FILE.test(entry.name)) rmSync(path);
  }
}
