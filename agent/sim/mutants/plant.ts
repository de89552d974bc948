import { registerHooks } from 'node:module';
import type { Mutant } from './mutant.ts';

const AGENT = new URL('../../', import.meta.url).href;
const planted = new Map<string, Mutant>();
/** Files of each mutant that were not loaded yet. */
const missing = new Map<string, Set<string>>();
let hooked = false;

/** A module of the agent, loaded anew with the mutant's edits in everything that it imports. */
export async function importWith<T>(mutant: Mutant, path: string): Promise<T> {
  if (!hooked) hook();
  planted.set(mutant.name, mutant);
  const unused = missing.get(mutant.name) ?? new Set(mutant.edits.map(({ file }) => file));
  missing.set(mutant.name, unused);
  // The caller names the module that it asks for by its type.
  const loaded = (await import(`${AGENT}${path}?mutant=${mutant.name}`)) as T;
  if (unused.size > 0) throw new Error(`${mutant.name}: ${[...unused].join(', ')} is no part of ${path}`);
  return loaded;
}

function hook(): void {
  hooked = true;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const name = mutantOf(context.parentURL ?? '');
      const own = resolved.url.startsWith(AGENT) && !resolved.url.includes('/node_modules/');
      return name === null || !own || mutantOf(resolved.url) !== null
        ? resolved
        : { ...resolved, url: `${resolved.url}?mutant=${name}` };
    },
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const mutant = planted.get(mutantOf(url) ?? '');
      const file = url.slice(`${AGENT}src/`.length).replace(/\?.*$/, '');
      const edits = mutant?.edits.filter((edit) => edit.file === file) ?? [];
      if (mutant === undefined || edits.length === 0) return loaded;
      missing.get(mutant.name)?.delete(file);
      const source = edits.reduce(
        (text, edit) => replaceOnce(text, edit.from, edit.to, `${mutant.name} in ${file}`),
        String(loaded.source),
      );
      return { ...loaded, source };
    },
  });
}

function mutantOf(url: string): string | null {
  return /[?&]mutant=([\w-]+)/.exec(url)?.[1] ?? null;
}

/** @throws when the text stands there not at all, or more than once: the defect would not be the one that is named. */
function replaceOnce(text: string, from: string, to: string, where: string): string {
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new Error(`${where}: the text to replace stands there ${parts.length - 1} times: ${from}`);
  return parts.join(to);
}
