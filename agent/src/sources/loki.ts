import { escapeUnsafe } from '../core/printable.ts';
import type { Target } from '../core/target.ts';
import { MpaError } from '../errors.ts';
import { LogqlTemplate } from '../logqlTemplate.ts';
import type { Clock, LogOptions, LogSource } from '../ports.ts';
import { AnswerTooLargeError, type ServiceClient } from '../serviceClient.ts';
import { whyNone } from './answers.ts';
import { deadlineIn } from './deadline.ts';
import { type KeptLine, type LineRange, readLines } from './lokiApi.ts';

/** Loki has this long for one question, all in all, milliseconds. */
const ASK_MS = 3_000;
/** Where nobody says since when: this far back, milliseconds. Loki itself refuses ranges without an end. */
const WINDOW_MS = 3_600_000;
/** Loki refuses more by default (`max_entries_limit_per_query`). */
const LINES_MAX = 5_000;
/** When the answer was too large to be read, this share of the lines is asked for once more. */
const FEWER = 10;

/**
 * Log lines that Loki keeps, also of containers that are gone. The port promises that a question ends by its own
 * deadline, so that a Loki in trouble costs an incident a few seconds and never its recovery.
 */
export class LokiLogs implements LogSource {
  readonly name = 'Loki';
  readonly #client: ServiceClient;
  readonly #template: LogqlTemplate;
  readonly #clock: Clock;

  /** @throws MpaError `CONFIG_INVALID` when the query is none; the configuration has checked it. */
  constructor(client: ServiceClient, query: string, clock: Clock) {
    const parsed = LogqlTemplate.parse(query);
    if (!parsed.ok) throw new MpaError('CONFIG_INVALID', `loki.query ${parsed.reason}`);
    this.#client = client;
    this.#template = parsed.template;
    this.#clock = clock;
  }

  async logs(
    target: Target,
    options: LogOptions,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly truncated: boolean; readonly remarks: readonly string[] }> {
    const query = this.#template.fill(namesOf(target));
    const lines = Math.min(options.lines, LINES_MAX);
    using deadline = deadlineIn(this.#clock, ASK_MS, signal);
    const now = this.#clock.now();
    const toMs = options.until ?? now;
    const range = { query, fromMs: options.since ?? toMs - WINDOW_MS, toMs };
    const asked = await this.#ask(range, lines, deadline.signal);
    if (asked.lines.length === 0) throw new Error(`Loki has no lines of ${query}${because(asked.warnings)}`);
    const { text, cut } = excerpt(asked.lines, options.maxBytes);
    const truncated = cut || asked.fewer || asked.lines.length >= lines;
    return { text, truncated, remarks: asked.warnings };
  }

  async #ask(range: Omit<LineRange, 'limit'>, lines: number, signal: AbortSignal) {
    try {
      return { ...(await readLines(this.#client, { ...range, limit: lines }, signal)), fewer: false };
    } catch (error) {
      const tooLarge = error instanceof MpaError && error.cause instanceof AnswerTooLargeError;
      if (!tooLarge || lines < FEWER) throw failure(error);
    }
    try {
      const limit = Math.floor(lines / FEWER);
      return { ...(await readLines(this.#client, { ...range, limit }, signal)), fewer: true };
    } catch (error) {
      throw failure(error);
    }
  }
}

function failure(error: unknown): MpaError {
  return new MpaError('SERVICE_FAILED', `Loki: ${whyNone(error)}`, { cause: error });
}

function namesOf({ name, selector }: Target): { readonly target: string; readonly service: string } {
  return { target: name, service: selector.by === 'compose-service' ? selector.service : name };
}

/** Where several containers wrote, each line says which. */
function excerpt(
  lines: readonly KeptLine[],
  maxBytes: number,
): { readonly text: string; readonly cut: boolean } {
  const several = new Set(lines.map(({ container }) => container)).size > 1;
  const kept: string[] = [];
  let sizeBytes = 0;
  for (const { container, line } of lines.toReversed()) {
    const text = `${several ? `${safeLine(container)} | ` : ''}${safeLine(line)}`;
    const more = Buffer.byteLength(text) + 1;
    if (sizeBytes + more > maxBytes + 1) {
      // One line that is too long by itself is worth more in part than not at all.
      if (kept.length === 0)
        kept.push(Buffer.from(text).subarray(0, maxBytes).toString('utf8').replace(/�+$/, ''));
      return { text: kept.toReversed().join('\n'), cut: true };
    }
    sizeBytes += more;
    kept.push(text);
  }
  return { text: kept.toReversed().join('\n'), cut: false };
}

/** What a terminal would act on becomes visible; tabs and line ends within an entry stay. */
function safeLine(line: string): string {
  return line
    .replace(/\r\n?/g, '\n')
    .replace(/\n+$/, '')
    .split(/([\t\n])/)
    .map(escapePart)
    .join('');
}

function escapePart(part: string): string {
  return part === '\t' || part === '\n' ? part : escapeUnsafe(part);
}

function because(warnings: readonly string[]): string {
  return warnings.length === 0 ? '' : ` (${warnings.join('; ')})`;
}
