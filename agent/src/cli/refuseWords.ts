import type { Command } from 'commander';

/**
 * What stands for its group where no command of it is named takes a word behind the group for the name of one; that there
 * is none of that name is said, with what was likely meant.
 *
 * @param meant What to type, by the word that was typed.
 */
export function refuseWords(command: Command, group: string, meant: (word: string) => string): Command {
  return command.allowExcessArguments().hook('preAction', (_, called) => {
    const [word] = called.args;
    if (word !== undefined) called.error(`error: \`mpa ${group}\` has no command '${word}'; ${meant(word)}`);
  });
}
