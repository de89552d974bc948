import type { Command } from 'commander';
import type { PersonCommand } from '../core/entry.ts';
import { commandSchema } from '../http/apiSchemas.ts';
import { runApiCommand, whoOf } from './apiCommand.ts';
import type { CliIo } from './io.ts';
import { type PersonOptions, withPersonOptions } from './recover.ts';

/** The words that are commands of their own, with what they do and what is said when they were heard. */
const WORDS = {
  acknowledge: { summary: 'take an escalated incident: you are on it', done: 'is yours' },
  close: { summary: 'end an incident by your word', done: 'is closed' },
  approve: { summary: 'approve the step that waits for it', done: 'may go on' },
  deny: { summary: 'deny the step that waits for approval', done: 'will not take this step' },
} as const satisfies {
  readonly [command in PersonCommand]?: { readonly summary: string; readonly done: string };
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
    // An approval is asked for with the reason for the step, and often in a hurry: a yes is enough.
    withPersonOptions(program.command(word), word === 'approve' ? 'approved' : undefined)
      .description(WORDS[word].summary)
      .argument('<id>', 'the incident; see `mpa incidents list`')
      .action(async (id: string, options: PersonOptions) =>
        io.finish(await sayToIncident(word, id, options, io)),
      );
  }
}
