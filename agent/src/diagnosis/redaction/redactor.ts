import { WordFinder } from '../wordFinder.ts';
import { ADDRESSES } from './addresses.ts';
import { CARDS } from './cards.ts';
import { COMMANDS } from './commands.ts';
import { customRules } from './customRules.ts';
import { HEADERS } from './headers.ts';
import { KEYED_SECRETS } from './keyedSecrets.ts';
import { KNOWN_TOKENS } from './knownTokens.ts';
import { withoutPrivateKeys } from './privateKeys.ts';
import type { Rule } from './rule.ts';

/** What one replacement uncovers is looked at again, so often at most. */
const ROUNDS_MAX = 4;

/**
 * Takes secrets out of text from outside: each is replaced by `[redacted:kind]`. Lines stay lines, so that their numbers
 * can be cited; what was redacted is not changed by redacting it again. Linear in the length of the text.
 *
 * It knows secrets by their form or by the name before them. One that looks like any other word is not found.
 */
export class Redactor {
  readonly #rules: readonly Rule[];
  readonly #finder: WordFinder;

  /** @param expressions RE2 of the configuration, which was checked. */
  constructor(expressions: readonly string[] = []) {
    this.#rules = [
      ...customRules(expressions),
      ...HEADERS,
      ...KNOWN_TOKENS,
      ...ADDRESSES,
      ...COMMANDS,
      ...KEYED_SECRETS,
      CARDS,
    ];
    this.#finder = new WordFinder(this.#rules.map(({ hints }) => hints));
  }

  /** May be passed on as a function. */
  readonly redact = (text: string): string => {
    const lines = text.split('\n');
    return withoutPrivateKeys(lines)
      .map((line) => this.#redactLine(line))
      .join('\n');
  };

  #redactLine(line: string): string {
    let told = line;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const before = told;
      for (const index of this.#finder.find(told)) told = this.#rules[index]?.apply(told) ?? told;
      if (told === before) return told;
    }
    return told;
  }
}
