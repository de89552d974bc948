import { z } from 'zod';
import type { EvidenceItem } from '../../core/evidence.ts';
import type { AnalystTools, Clock } from '../../ports.ts';
import type { EvidenceBook } from './evidenceBook.ts';
import { type Fence, fenced } from './fence.ts';
import { neutral } from './neutral.ts';
import { toldSchema } from './toldSchema.ts';
import { within } from './within.ts';

/** How long one question may take, milliseconds. */
const CALL_MS = 3_000;
/** Most that one answer holds, bytes of its fenced JSON. */
const ANSWER_BYTES_MAX = 16_000;
/** Longest line of an answer, UTF-16 units. */
const LINE_MAX = 600;
const LOG_LINES_MAX = 500;
const TEXT_MAX = 1_000;

const moreLogsSchema = z.object({
  lines: z.coerce.number().int().min(1).max(LOG_LINES_MAX).catch(100).describe('How many, 1 to 500.'),
  contains: z
    .string()
    .max(TEXT_MAX)
    .nullable()
    .catch(null)
    .describe('Only lines that hold this text; null for all.'),
});
const promqlSchema = z.object({
  query: z.string().min(1).max(TEXT_MAX).describe('One PromQL expression, at the present moment.'),
});
const nothingSchema = z.object({});

type Tool = {
  readonly summary: string;
  readonly schema: z.ZodType;
  /** @throws ZodError for wrong arguments; what the agent's own side throws. */
  readonly ask: (tools: AnalystTools, args: unknown) => Promise<EvidenceItem>;
};

const TOOLS: Readonly<Record<string, Tool>> = {
  more_logs: {
    summary: 'More of the service’s own log lines, the last ones.',
    schema: moreLogsSchema,
    ask: (tools, args) => tools.moreLogs(moreLogsSchema.parse(args)),
  },
  promql: {
    summary: 'The result of one Prometheus query now.',
    schema: promqlSchema,
    ask: (tools, args) => tools.query(promqlSchema.parse(args).query),
  },
  facts: {
    summary: 'What the runtime knows of the service’s instances: state, image, health, limits.',
    schema: nothingSchema,
    ask: (tools) => tools.facts(),
  },
  history: {
    summary: 'The last incidents of this service, and what worked then.',
    schema: nothingSchema,
    ask: (tools) => tools.history(),
  },
};

/** A tool as a model is told of it. */
export type ToolSpec = {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly schema: Readonly<Record<string, unknown>>;
};

export const TOOL_SPECS: readonly ToolSpec[] = Object.entries(TOOLS).map(([name, { summary, schema }]) => ({
  name,
  description: summary,
  schema: toldSchema(schema),
}));

/** The questions of one analysis: read-only, so many at most, each with a deadline and a bounded answer. */
export class BoundedTools {
  readonly #parts: {
    readonly tools: AnalystTools;
    readonly book: EvidenceBook;
    readonly fence: Fence;
    readonly clock: Clock;
    readonly calls: number;
  };
  #calls = 0;

  constructor(parts: {
    readonly tools: AnalystTools;
    /** What is answered can be cited from then on. */
    readonly book: EvidenceBook;
    readonly fence: Fence;
    readonly clock: Clock;
    readonly calls: number;
  }) {
    this.#parts = parts;
  }

  /** The answer as the model reads it. Never rejects: what is wrong, it is told. */
  async use(name: string, args: unknown, signal: AbortSignal): Promise<string> {
    const { tools, book, fence, clock, calls } = this.#parts;
    const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
    if (tool === undefined) return 'There is no such tool.';
    if (this.#calls >= calls) return 'No more questions can be asked. Report now.';
    this.#calls += 1;
    try {
      // Wrong arguments throw before anything is asked.
      const asked = Promise.try(tool.ask, tools, args);
      const item = await within(clock, CALL_MS, signal, () => asked);
      book.add(item);
      return fenced(fence, show(item, book.lines(item.id)));
    } catch (error) {
      // Its words may hold what others wrote: they are data too.
      return `It could not be answered:\n${fenced(fence, neutral(wordsOf(error), TEXT_MAX))}`;
    }
  }
}

/** The last lines of an item that fit. */
function show(item: EvidenceItem, lines: readonly string[]) {
  const shown: [number, string][] = [];
  let left = ANSWER_BYTES_MAX;
  for (let number = lines.length; number > 0; number -= 1) {
    const line = neutral(lines[number - 1] ?? '', LINE_MAX);
    // Numbers, quotes and escapes take room as well.
    left -= Buffer.byteLength(JSON.stringify(line)) + 10;
    if (left < 0) break;
    shown.push([number, line]);
  }
  const { id, kind, instance } = item;
  return {
    id,
    kind,
    instance: neutral(instance, LINE_MAX),
    lines: Object.fromEntries(shown),
    of: lines.length,
  };
}

function wordsOf(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.map(({ message }) => message).join('; ');
  return error instanceof Error ? error.message : String(error);
}
