import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { readRules, repositoryFolder } from './ruleFiles.ts';

const index = join(repositoryFolder, 'docs/runbooks/README.md');
const pages = globSync(join(repositoryFolder, 'docs/runbooks/*.md'))
  .filter((page) => page !== index)
  .sort();
/** The agent posts this one itself. */
const ESCALATION = 'MarketProgrammerAgentEscalation';

describe('a runbook', () => {
  it('is there for each alert, and for no other', () => {
    const names = [...readRules().alerts.map(({ alert }) => alert), ESCALATION].sort();
    assert.deepEqual(pages.map((page) => basename(page, '.md')).sort(), names);
  });

  for (const page of pages) {
    it(`${basename(page, '.md')} says what it means, what is done already, where to look and what to do`, () => {
      const headings = readFileSync(page, 'utf8').match(/^##? .*/gm);
      const parts = ['## What it means', '## What the agent does', '## Look at', '## Do'];
      assert.deepEqual(headings, [`# ${basename(page, '.md')}`, ...parts]);
    });
  }

  it('says how `mpa` is called where it names a command of it', () => {
    for (const page of pages) {
      const text = readFileSync(page, 'utf8');
      if (text.includes('`mpa ')) assert.match(text, /\]\(README\.md\)/, basename(page));
    }
  });

  it('gives the reason with each command that wants one: nobody has to find out at night', () => {
    const wanting = /^mpa (recover|close|deny|breaker reset|maintenance (start|end)|mode (set|clear))\b.* /;
    for (const page of [index, ...pages]) {
      for (const [, command = ''] of readFileSync(page, 'utf8').matchAll(/`(mpa [^`]+)`/g)) {
        if (wanting.test(command)) assert.match(command, / --reason "/, `${basename(page)}: ${command}`);
      }
    }
  });

  it('names commands that are there', async () => {
    const texts = [index, ...pages, join(repositoryFolder, 'docs/monitoring.md')].map((page) =>
      readFileSync(page, 'utf8'),
    );
    const named = texts.flatMap((text) =>
      [...text.matchAll(/`mpa ((?:[a-z][a-z-]* ?)+)/g)].map(([, words = '']) => words.trim()),
    );
    assert.ok(named.length > 0);
    const main = join(repositoryFolder, 'agent/src/main.ts');
    for (const words of new Set(named)) {
      const { stdout } = await promisify(execFile)(process.execPath, [main, ...words.split(' '), '--help']);
      // A mode that is set is an argument, not a command.
      const command = words.replace(/^(mode set) .*/, '$1');
      assert.ok(stdout.startsWith(`Usage: mpa ${command} [options]`), `mpa ${words}: ${stdout.slice(0, 60)}`);
    }
  });
});
