import { printable } from '../core/printable.ts';

const RESET = '\u001b[0m';
const DIM = '\u001b[2m';

const LEVELS: { readonly [level: string]: { readonly word: string; readonly color: string } } = {
  trace: { word: 'trace', color: '\u001b[90m' },
  debug: { word: 'debug', color: '\u001b[90m' },
  info: { word: 'info ', color: '\u001b[36m' },
  warn: { word: 'warn ', color: '\u001b[33m' },
  error: { word: 'error', color: '\u001b[31m' },
  fatal: { word: 'fatal', color: '\u001b[35m' },
};

/** Fields that the line says by itself, or that one person at a terminal knows. */
const UNSAID: ReadonlySet<string> = new Set([
  'level',
  'time',
  'msg',
  'pid',
  'hostname',
  'target',
  'entry',
  'seq',
]);

/** What is shorter may stand in the sentence by chance, characters. */
const SAID_LENGTH_MIN = 6;

/** A line of the log for a person at a terminal: time, level, sentence, and the fields that it does not say itself. */
export function prettyLine(line: string, colored: boolean): string {
  const fields = parse(line);
  if (fields === null) return `${printable(line.trimEnd())}\n`;
  const { word, color } = LEVELS[String(fields['level'])] ?? { word: '     ', color: '' };
  const paint = (start: string, text: string) => (colored && text !== '' ? `${start}${text}${RESET}` : text);
  const time = String(fields['time'] ?? '').slice(11, 19);
  const sentence = String(fields['msg'] ?? '');
  const rest = Object.entries(fields)
    .filter(([name, value]) => !UNSAID.has(name) && !isSaid(value, sentence))
    .map(([name, value]) => `${printable(name, 60)}=${show(value)}`)
    .join(' ');
  const parts = [paint(DIM, time), paint(color, word), printable(sentence), paint(DIM, rest)];
  return `${parts.filter((part) => part !== '').join(' ')}\n`;
}

/** Whether the sentence has the value already, or each of several. */
function isSaid(value: unknown, sentence: string): boolean {
  if (Array.isArray(value)) return value.every((each) => isSaid(each, sentence));
  return typeof value === 'string' && value.length >= SAID_LENGTH_MIN && sentence.includes(value);
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    // What pino writes is one JSON object a line.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    // Not a line of pino's: shown as it is.
    return null;
  }
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'stack' in value)
    return printable(String(value.stack), 2_000);
  return printable(typeof value === 'string' ? value : JSON.stringify(value), 300);
}
