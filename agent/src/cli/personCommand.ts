import type { Command } from 'commander';
import type { PersonCommand } from '../core/personCommand.ts';
import { commandSchema } from '../http/apiSchemas.ts';
import { runApiCommand, whoOf } from './apiCommand.ts';
import type { CliIo } from './io.ts';
import { type PersonOptions, withPersonOptions } from './recover.ts';

/** A word that is a command of its own: what it does, and what is said when it was heard. */
type Word = {
  readonly summary: string;
  readonly done: string;
  /** Stands for a reason that is not given; without it one has to be. */
  readonly reason?: string;
};

// To take an incident, and to approve a step whose reason was just read, is often done in a hurry: the word is enough.
const WORDS: { readonly [command in Exclude<PersonCommand, 'recover'>]: Word } = {
  acknowledge: {
    summary: 'take an escalated incident: you are on it',
    done: 'is yours',
    reason: 'acknowledged',
  },
  close: { summary: 'end an incident by your word', done: 'is closed' },
  approve: { summary: 'approve the step that waits for it', done: 'may go on', reason: 'approved' },
  deny: { summary: 'deny the step that waits for approval', done: 'will not take this step' },
};

type PersonWord = keyof typeof WORDS;

/** `mpa acknowledge|close|approve|deny ID`: a person's word to one incident. */
function sayToIncident(word: PersonWord, id: string, options: PersonOptions, io: CliIo): Promise<number> {
  return runApiCommand(options, io, async (client) => {
    const body = { who: whoOf(options.who, io), reason: options.reason };
    const answer = await client.post(
      `/api/v1/incidents/${encodeURIComponent(id)}/${word}`,
      body,
      commandSchema,
    );
    return { json: answer, lines: [`incident ${id} ${WORDS[word].done}`] };
  });
}

/** Registers `mpa acknowledge`, `close`, `approve` and `deny`. */
export function registerPersonCommands(program: Command, io: CliIo): void {
  // The keys of a literal are what its type says they are.
  for (const word of Object.keys(WORDS) as PersonWord[]) {
    withPersonOptions(program.command(word), WORDS[word].reason)
      .description(WORDS[word].summary)
      .argument('<id>', 'the incident; see `mpa incidents list`')
      .action(async (id: string, options: PersonOptions) =>
        io.finish(await sayToIncident(word, id, options, io)),
      );
  }
}
