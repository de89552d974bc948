import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T & { help: { type: 'boolean' } }; allowPositionals: true }>
>;

/**
 * Reads what a script was called with. `--help` prints the usage and ends with 0; what it does not know, and words where
 * it takes none, end with 2, a sentence and the usage.
 */
export function readOptions<const T extends Options>(
  usage: string,
  options: T,
  takesWords = false,
): Parsed<T> {
  try {
    const parsed = parseArgs({
      options: { ...options, help: { type: 'boolean' } },
      allowPositionals: true,
    });
    const values: Readonly<Record<string, unknown>> = parsed.values;
    if (values['help'] === true) {
      console.log(usage);
      process.exit(0);
    }
    const [word] = parsed.positionals;
    if (word !== undefined && !takesWords) refuse(`it takes no words, and was given '${word}'`, usage);
    // The very call whose type this is, with the same options.
    return parsed as Parsed<T>;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), usage);
  }
}

/** Ends the script for what it was called with. */
export function refuse(sentence: string, usage: string): never {
  console.error(`${sentence}\n\n${usage}`);
  process.exit(2);
}
