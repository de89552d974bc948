import { z } from 'zod';
import { Problem } from '../problems.ts';
import { csvFileSource, readText } from './csv-file.ts';
import { httpSource } from './http.ts';
import type { Source } from './source.ts';

export const SYMBOL_PATTERN: RegExp = /^[A-Za-z0-9^][A-Za-z0-9^._=-]{0,31}$/;

/** A timer of Node that is asked for more fires at once, and again and again. */
const TIMER_MAX_MS = 2 ** 31 - 1;

const columns = z
  .object({
    time: z.string(),
    open: z.string(),
    high: z.string(),
    low: z.string(),
    close: z.string(),
    volume: z.string(),
  })
  .partial();

const common = {
  symbol: z.string().regex(SYMBOL_PATTERN),
  columns: columns.optional(),
  /** Left out: only when it is asked for. */
  refreshEveryMs: z.number().int().min(1000).max(TIMER_MAX_MS).optional(),
  /** Its jumps are real: they are kept. */
  acceptJumps: z.boolean().default(false),
};

const sourceConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('csv-file'), ...common, path: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('http'),
    ...common,
    url: z.string().regex(/^https?:\/\//, 'must begin with http:// or https://'),
    format: z.enum(['csv', 'json']),
    rowsAt: z.string().optional(),
    timeoutMs: z.number().int().min(10).max(120_000).default(10_000),
    retries: z.number().int().min(0).max(10).default(2),
    retryDelayMs: z.number().int().min(1).max(60_000).default(500),
  }),
]);

const sourcesFile = z.strictObject({ sources: z.array(sourceConfig).max(1000) });

export interface ConfiguredSource {
  readonly symbol: string;
  readonly source: Source;
  readonly refreshEveryMs: number | undefined;
  readonly acceptJumps?: boolean;
}

/**
 * Reads the file given with `--sources`: JSON, `{"sources": [...]}`.
 * @throws Problem invalid-request with every mistake in it, source-unreachable
 */
export async function readSources(path: string): Promise<ConfiguredSource[]> {
  const text = await readText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem(
      'invalid-request',
      `${path} is not JSON: ${error instanceof Error ? error.message : error}.`,
    );
  }
  const parsed = sourcesFile.safeParse(value);
  if (!parsed.success) throw new Problem('invalid-request', `${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data.sources.map((config) => ({
    symbol: config.symbol,
    refreshEveryMs: config.refreshEveryMs,
    acceptJumps: config.acceptJumps,
    source:
      config.kind === 'csv-file' ? csvFileSource(config.path, config.columns ?? {}) : httpSource(config),
  }));
}
