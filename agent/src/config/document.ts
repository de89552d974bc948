import { LineCounter, parseDocument } from 'yaml';
import { describePath, type Path, type Problem } from './problem.ts';
import type { Environment } from './substitute.ts';
import { type Place, TooMuch, Walk } from './walk.ts';

/** Details of a problem beyond its sentence. */
export type ProblemDetails = {
  readonly allowed?: readonly string[];
  readonly nearest?: string | null;
  /** Point to the key rather than to its value. */
  readonly at?: 'key' | 'value';
  /** Keys below the place that this rests on: when one of them is wrong already, this is not told. */
  readonly restsOn?: readonly string[];
};

/** A configuration text as plain values, with the place of each of them. */
export class ConfigDocument {
  readonly file: string;
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  /** The values, made of objects without prototype; `undefined` when the text is no YAML. */
  readonly value: unknown;
  readonly #lines = new LineCounter();
  readonly #places = new Map<string, Place>();
  readonly #fromEnvironment = new Set<string>();
  /** Places with a problem of form; a second one there would only follow from the first. */
  readonly #wrong = new Set<string>();
  readonly #environment: Environment;

  constructor(file: string, text: string, environment: Environment) {
    this.file = file;
    this.#environment = environment;
    this.value = this.#read(text);
  }

  /** Notes a problem at the place of `path`, or at the nearest thing around it that is written down. */
  report(path: Path, message: string, details: ProblemDetails = {}): void {
    const { at = 'value', allowed = [], nearest = null, restsOn = [] } = details;
    if (this.#wrong.has(keyOf(path)) || restsOn.some((key) => this.#isWrongWithin([...path, key]))) return;
    const offset = this.#offsetOf(path, at);
    this.#add(offset, message, describePath(path), allowed, nearest);
  }

  /** Notes a problem of form; what would only follow from it is not told any more. */
  reportForm(path: Path, message: string, details: ProblemDetails = {}): void {
    this.report(path, message, details);
    this.#wrong.add(keyOf(path));
  }

  /** Notes something that is allowed and yet probably not meant. */
  warn(path: Path, message: string, details: ProblemDetails = {}): void {
    const { at = 'value', allowed = [], nearest = null } = details;
    this.warnings.push(
      this.#problem(this.#offsetOf(path, at), message, describePath(path), allowed, nearest),
    );
  }

  /** Whether something of this value came from the environment: such values are not shown. */
  isFromEnvironment(path: Path): boolean {
    return this.#fromEnvironment.has(keyOf(path));
  }

  /** The keys that are written below a key of the top. */
  keysOf(key: string): readonly string[] {
    return [...this.#places.keys()]
      .map((place) => place.split('\0'))
      .flatMap(([first, second, ...deeper]) =>
        first === key && second !== undefined && deeper.length === 0 ? [second] : [],
      );
  }

  #read(text: string): unknown {
    try {
      const document = parseDocument(text, {
        lineCounter: this.#lines,
        prettyErrors: false,
        logLevel: 'error',
        strict: true,
        uniqueKeys: true,
      });
      for (const { code, message, pos } of [...document.errors, ...document.warnings])
        this.#add(pos[0], explain(code, message));
      // A duplicate key leaves a readable document; after any other error what follows would be guesswork.
      if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return undefined;
      return new Walk(document, this.#environment, {
        place: (path, place) => this.#places.set(keyOf(path), place),
        fromEnvironment: (path) => this.#fromEnvironment.add(keyOf(path)),
        problem: (offset, path, message) => {
          this.#wrong.add(keyOf(path));
          this.#add(offset, message, describePath(path));
        },
      }).start();
    } catch (error) {
      if (error instanceof TooMuch) return undefined;
      // The YAML library throws only what it did not foresee: nesting beyond the stack, for one.
      this.#add(null, `cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  /** Whether this place, or something below it, has a problem of form. */
  #isWrongWithin(path: Path): boolean {
    const key = keyOf(path);
    return [...this.#wrong].some((wrong) => wrong === key || wrong.startsWith(`${key}\0`));
  }

  #add(
    offset: number | null,
    message: string,
    key = '',
    allowed: readonly string[] = [],
    nearest: string | null = null,
  ): void {
    this.problems.push(this.#problem(offset, message, key, allowed, nearest));
  }

  #problem(
    offset: number | null,
    message: string,
    key: string,
    allowed: readonly string[],
    nearest: string | null,
  ): Problem {
    const { line, col } = offset === null ? { line: 0, col: 0 } : this.#lines.linePos(offset);
    return { file: this.file, line, column: col, key, message, allowed, nearest };
  }

  #offsetOf(path: Path, at: 'key' | 'value'): number | null {
    for (let length = path.length; length >= 0; length -= 1) {
      const place = this.#places.get(keyOf(path.slice(0, length)));
      if (place === undefined) continue;
      const exact = length === path.length;
      return exact && at === 'value' ? (place.value ?? place.key) : (place.key ?? place.value);
    }
    return null;
  }
}

function keyOf(path: Path): string {
  return path.join('\0');
}

/** The YAML library's words, where they say too little of what to do. */
function explain(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab is used for indentation; YAML allows only spaces';
    case 'DUPLICATE_KEY':
      return 'this key is written twice; keep one of them';
    case 'MULTIPLE_DOCS':
      return 'the file holds more than one YAML document; keep one (no --- in between)';
    default:
      return `not valid YAML: ${message.replaceAll(/\s+/g, ' ').trim()}`;
  }
}
