// What the documentation tells people to type is there: npm scripts, `mpa` commands, their arguments and options.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Command } from 'commander';
import { program } from '../../src/main.ts';
import { blocksOf, type Page, pages, proseOf, root } from './documents.ts';

/** `complete`: it stands in a block for the shell, to be typed as it is; else it is only named. */
type Mention = { readonly page: string; readonly words: readonly string[]; readonly complete: boolean };

// Our own file: its scripts are texts by name.
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

function mentionsOf(page: Page): readonly Mention[] {
  const typed = blocksOf(page).flatMap(({ info, text }) => {
    if (info === 'sh') return text.split('\n');
    return info === 'console' ? [...text.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line) : [];
  });
  const named = [...proseOf(page).matchAll(/`((?:mpa|npm) [^`]+)`/g)].map(([, text = '']) => text);
  const mention = (complete: boolean) => (text: string) => ({
    page: page.path,
    words: wordsOf(text),
    complete,
  });
  return [...typed.map(mention(true)), ...named.map(mention(false))].filter(({ words }) =>
    ['mpa', 'npm'].includes(words[0] ?? ''),
  );
}

/** The words of a line of the shell, without its comment. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/#.*$|"([^"]*)"|'([^']*)'|(\S+)/g)]
    .filter(([whole]) => !whole.startsWith('#'))
    .map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}

/** What follows `mpa`, however it is called; null when something else is called. */
function mpaWords([program, ...rest]: readonly string[]): readonly string[] | null {
  if (program === 'mpa') return rest;
  const words = rest.filter((word) => word !== '--silent');
  return words[0] === 'run' && words[1] === 'mpa' ? words.slice(words[2] === '--' ? 3 : 2) : null;
}

function npmScript([, ...rest]: readonly string[]): string {
  const words = rest.filter((word) => word !== '--silent');
  return (words[0] === 'run' ? words[1] : words[0]) ?? '';
}

/** The command that the words lead to, and the words that are left for it. `a|b` stands for either. */
function commandsFor(words: readonly string[], from: Command = program): readonly Found[] {
  const [first = '', ...rest] = words;
  if (from.commands.length === 0 || first === '' || first.startsWith('-'))
    return [{ command: defaultOf(from), rest: words }];
  return first.split('|').flatMap((name) => {
    const command = from.commands.find((candidate) => candidate.name() === name);
    assert.ok(command !== undefined, `\`${from.name()}\` has no command ${name}`);
    return commandsFor(rest, command);
  });
}

type Found = { readonly command: Command; readonly rest: readonly string[] };

/** A group without a word of its own lists or shows. */
function defaultOf(command: Command): Command {
  if (command === program) return command;
  const child = (name: string) => command.commands.find((candidate) => candidate.name() === name);
  return child('list') ?? child('show') ?? command;
}

function check({ command, rest }: Found, complete: boolean): void {
  const given: string[] = [];
  const values: string[] = [];
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] ?? '';
    if (!word.startsWith('-')) {
      values.push(word);
      continue;
    }
    const option = command.options.find(({ long, short }) => long === word || short === word);
    assert.ok(option !== undefined || word === '--help', `\`${command.name()}\` has no option ${word}`);
    given.push(option?.long ?? word);
    if (option?.required === true) index += 1;
  }
  assert.ok(
    values.length <= command.registeredArguments.length,
    `\`${command.name()}\` takes no ${values.join(' ')}`,
  );
  if (!complete) return;
  const needed = command.registeredArguments.filter(({ required }) => required).length;
  assert.ok(values.length >= needed, `\`${command.name()}\` needs ${needed} arguments`);
  for (const { long, mandatory } of command.options)
    assert.ok(!mandatory || given.includes(long ?? ''), `\`${command.name()}\` needs ${long}`);
}

describe('what the documentation tells people to type', () => {
  const mentions = pages().flatMap(mentionsOf);

  it('is found by this test', () => {
    assert.ok(mentions.filter(({ complete }) => complete).length >= 15);
  });

  for (const { page, words, complete } of mentions) {
    const mpa = mpaWords(words);
    it(`${words.join(' ')} (${page}) is there`, () => {
      if (mpa !== null) for (const found of commandsFor(mpa)) check(found, complete);
      else if (!['ci', 'install'].includes(words[1] ?? ''))
        assert.ok(Object.hasOwn(scripts, npmScript(words)), `there is no npm script ${npmScript(words)}`);
    });
  }

  it('leaves no command of `mpa` out', () => {
    const told = new Set(
      mentions.flatMap(({ words }) => {
        const mpa = mpaWords(words);
        return mpa === null ? [] : commandsFor(mpa).map(({ command }) => command);
      }),
    );
    const missing = leavesOf(program).filter((command) => !told.has(command));
    assert.deepEqual(
      missing.map((command) => `${command.parent?.name()} ${command.name()}`),
      [],
    );
  });
});

function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}
