import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** One page of what people read, and its text. */
export type Page = { readonly path: string; readonly text: string };

/** A fenced block: its info string (`yaml`, `sh`, `yaml alertmanager`), and what stands in it. */
export type Block = { readonly page: string; readonly info: string; readonly text: string };

/** Every page of the documentation, by its path from the root. */
export function pages(): readonly Page[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: root })
    .sort()
    .map((path) => ({ path, text: readFileSync(`${root}${path}`, 'utf8') }));
}

/** The fenced blocks of a page. */
export function blocksOf({ path, text }: Page): readonly Block[] {
  return [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = '', body = '']) => ({
    page: path,
    info,
    text: body,
  }));
}

/** The one block of the documentation with this info string. */
export function blockNamed(info: string): string {
  const found = pages()
    .flatMap(blocksOf)
    .filter((block) => block.info === info);
  const [block] = found;
  if (block === undefined || found.length > 1)
    throw new Error(`there are ${found.length} blocks \`${info}\`, and one is wanted`);
  return block.text;
}

/** A page without its fenced blocks: what is said in prose and tables. */
export function proseOf({ text }: Page): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}
