import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

type LockedPackage = {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
};

/**
 * The installed packages that a workspace needs to run, as paths like `node_modules/zod`: what `npm ci --omit=dev
 * --omit=optional --workspace` would install, read from the lock file, so that no network is needed; with
 * `--include=optional`, where the workspace's own optional packages are wanted.
 *
 * @throws Error when the lock file lacks one.
 */
export function productionModules(
  root: string,
  workspace: string,
  { optional = false }: { readonly optional?: boolean } = {},
): readonly string[] {
  // npm's own file; its shape is that of lock file version 3.
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  const found = new Set<string>([workspace]);
  const wanted = optional ? Object.keys(packages[workspace]?.optionalDependencies ?? {}) : [];
  for (const name of wanted) found.add(placeOf(name, workspace, packages));
  // A set that grows while it is walked is walked to its end.
  for (const from of found) {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      packages[from] ?? {};
    for (const name of Object.keys(dependencies ?? {})) {
      // What is named as both is optional.
      if (optionalDependencies?.[name] === undefined) found.add(placeOf(name, from, packages));
    }
    for (const name of Object.keys(peerDependencies ?? {})) {
      if (peerDependenciesMeta?.[name]?.optional !== true) found.add(placeOf(name, from, packages));
    }
  }
  found.delete(workspace);
  return [...found].sort();
}

/** As Node looks for it: beside the one that asks, then one folder of modules up, and so on. */
function placeOf(name: string, from: string, packages: Readonly<Record<string, unknown>>): string {
  for (let folder = from; ; folder = posix.dirname(folder)) {
    const place = posix.join(folder === '.' ? '' : folder, 'node_modules', name);
    if (packages[place] !== undefined) return place;
    if (folder === '.') throw new Error(`package-lock.json has no ${name} for ${from}; run npm install`);
  }
}
