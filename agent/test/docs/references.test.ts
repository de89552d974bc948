// Where the documentation points, something is: links, files of the repository, tests by their names.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { type Page, pages, proseOf, root } from './documents.ts';

/** `[words](path#anchor)`, without addresses of the web. */
function linksOf(page: Page): readonly string[] {
  return [
    ...proseOf(page)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** Paths from the root that stand in backticks, with the name of a test behind some of them. */
function filesOf(page: Page): readonly { readonly path: string; readonly test: string | null }[] {
  const pattern =
    /`((?:agent|docs|e2e|scripts|predictor|bench|monitoring|dashboard|\.ci)\/[^`\s*]*)`(?: "([^"]+)")?/g;
  return [...proseOf(page).matchAll(pattern)].map(([, path = '', test]) => ({ path, test: test ?? null }));
}

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)];
  return new Set(
    headings.map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('where the documentation points', () => {
  for (const page of pages()) {
    it(`every link of ${page.path} leads somewhere`, () => {
      for (const link of linksOf(page)) {
        const [path = '', anchor] = link.split('#');
        const file = path === '' ? page.path : join(dirname(page.path), path);
        assert.ok(existsSync(root + file), `${link}: there is no ${file}`);
        if (anchor === undefined) continue;
        assert.ok(
          anchorsOf(readFileSync(root + file, 'utf8')).has(anchor),
          `${link}: there is no such heading`,
        );
      }
    });

    it(`every file and test that ${page.path} names is there`, () => {
      for (const { path, test } of filesOf(page)) {
        assert.ok(existsSync(root + path), `there is no ${path}`);
        if (test !== null)
          assert.ok(readFileSync(root + path, 'utf8').includes(test), `${path} has no test "${test}"`);
      }
    });
  }
});

describe('the decisions', () => {
  const decisions = globSync('docs/decisions/[0-9]*.md', { cwd: root }).map((path) => basename(path));

  it('have numbers of their own, which their titles bear', () => {
    const numbers = decisions.map((name) => name.slice(0, 4));
    assert.deepEqual(numbers, [...new Set(numbers)]);
    for (const name of decisions)
      assert.ok(
        readFileSync(`${root}docs/decisions/${name}`, 'utf8').startsWith(`# ${name.slice(0, 4)}: `),
        name,
      );
  });

  it('are all in the list, once', () => {
    const list = readFileSync(`${root}docs/decisions/README.md`, 'utf8');
    for (const name of decisions) assert.equal(list.split(`(${name})`).length - 1, 1, name);
  });
});

it('the layout of the architecture names every folder of the agent’s source, and no other', () => {
  const page = readFileSync(`${root}docs/architecture.md`, 'utf8');
  const named = [...page.matchAll(/^ {6}(\w+)\/ /gm)].map(([, folder = '']) => folder);
  // The ports stand with the file that lists them.
  const folders = globSync('agent/src/*/', { cwd: root }).map((path) => basename(path));
  assert.deepEqual([...named, 'ports'].sort(), folders.sort());
});
