import { parser } from '@grafana/lezer-logql';

/** What a query may ask for of the target: its name, and the Compose service that it selects (else its name). */
export type LogqlNames = { readonly target: string; readonly service: string };

/** Placeholders as they are written. What else LogQL writes in double braces is its own: `line_format "{{.level}}"`. */
const PLACEHOLDER = /\{\{\s*(\w+(?:\.\w+)*)\s*\}\}/g;

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

const PATTERN_OPERATORS: ReadonlySet<string> = new Set(['Re', 'Nre', 'PipeMatch']);

type Hole = {
  readonly from: number;
  readonly to: number;
  readonly name: keyof LogqlNames;
  /** Whether its text is a pattern, in which a name must be taken literally. */
  readonly isPattern: boolean;
};

/**
 * A LogQL query with places for names. A name is data: it is escaped for the string that it stands in, and for the
 * regular expression where that string is one, so that no name can end the string, widen the selection or add a stage.
 */
export class LogqlTemplate {
  readonly #text: string;
  readonly #holes: readonly Hole[];

  private constructor(text: string, holes: readonly Hole[]) {
    this.#text = text;
    this.#holes = holes;
  }

  /** Reads a query of log lines; answers what is wrong with it where it cannot be used. */
  static parse(
    text: string,
  ):
    | { readonly ok: true; readonly template: LogqlTemplate }
    | { readonly ok: false; readonly reason: string } {
    const strings: { from: number; to: number; isPattern: boolean }[] = [];
    let broken = false;
    let isMetric = false;
    parser.parse(text).iterate({
      enter: ({ type, name, from, to, node }) => {
        if (type.isError) broken = true;
        if (name === 'MetricExpr') isMetric = true;
        if (name === 'String') strings.push({ from, to, isPattern: isPattern(node) });
      },
    });
    // A placeholder outside of a string breaks the query, and is told first: that is what is to be mended.
    const holes: Hole[] = [];
    for (const match of text.matchAll(PLACEHOLDER)) {
      const name = match[1] ?? '';
      if (name.startsWith('__')) continue; // `__line__` and `__timestamp__` are LogQL's.
      if (name !== 'target' && name !== 'service')
        return no(`has an unknown placeholder {{ ${name} }}; there are {{ target }} and {{ service }}`);
      const from = match.index;
      const to = from + match[0].length;
      const string = strings.findLast((candidate) => candidate.from < from && candidate.to > to);
      if (string === undefined || text[string.from] !== '"')
        return no(`has {{ ${name} }} outside of a string in double quotes; write "{{ ${name} }}"`);
      holes.push({ from, to, name, isPattern: string.isPattern });
    }
    if (broken) return no('is no LogQL');
    if (isMetric)
      return no('is a LogQL query of numbers, and lines are wanted: write no rate(...) or sum(...)');
    return { ok: true, template: new LogqlTemplate(text, holes) };
  }

  /** The query for one target. */
  fill(names: LogqlNames): string {
    let query = '';
    let at = 0;
    for (const { from, to, name, isPattern } of this.#holes) {
      const text = isPattern ? escapePattern(names[name]) : names[name];
      query += this.#text.slice(at, from) + escapeString(text);
      at = to;
    }
    return query + this.#text.slice(at);
  }
}

/** Whether a string is compared as a regular expression: by what it, or the filter it is an alternative of, begins with. */
function isPattern(string: SyntaxNode): boolean {
  for (let node = string.parent; node !== null; node = node.parent) {
    if (node.name !== 'Matcher' && node.name !== 'LineFilter') continue;
    const operators = [
      ...node.getChildren('Filter').map(({ firstChild }) => firstChild),
      node.getChild('Re'),
      node.getChild('Nre'),
    ];
    return operators.some((operator) => operator !== null && PATTERN_OPERATORS.has(operator.name));
  }
  return false;
}

/** RE2 knows these and no others. */
function escapePattern(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Inside a Go string in double quotes: JSON's escapes are Go's, but Go has none for half a surrogate pair. */
function escapeString(text: string): string {
  return JSON.stringify(text.toWellFormed()).slice(1, -1);
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
