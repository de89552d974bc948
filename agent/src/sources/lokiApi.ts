import { z } from 'zod';
import { printable } from '../core/printable.ts';
import type { ServiceClient } from '../serviceClient.ts';
import { labelsSchema, unexpected } from './answers.ts';

/** One entry of a stream; it may have line ends in it. */
export type KeptLine = {
  /** What the collector calls the container; empty where it does not say. */
  readonly container: string;
  readonly line: string;
};

/** Which lines are wanted; times in milliseconds since the epoch, both within the range. */
export type LineRange = {
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
};

/** Warnings that are passed on, and how much of each. */
const WARNINGS_MAX = 3;
const WARNING_LENGTH_MAX = 200;

const TIME = /^\d{1,19}$/;

const answerSchema = z.object({
  status: z.literal('success'),
  /** What Loki says of an answer that is not whole. */
  warnings: z.array(z.string()).nullish(),
  data: z.object({
    resultType: z.literal('streams'),
    result: z.array(
      z.object({
        stream: labelsSchema,
        // A third element holds structured metadata, where there is any.
        values: z.array(z.tuple([z.string().regex(TIME, 'must be a time'), z.string()], z.unknown())),
      }),
    ),
  }),
});

/** `GET /loki/api/v1/query_range`: the newest `limit` lines of the range over all streams, oldest first. */
export async function readLines(
  client: ServiceClient,
  range: LineRange,
  signal: AbortSignal,
): Promise<{ readonly lines: readonly KeptLine[]; readonly warnings: readonly string[] }> {
  const query = [
    ['query', range.query],
    ['start', nanoseconds(range.fromMs)],
    // The end itself is not in the range, and the newest line may be of this very millisecond.
    ['end', nanoseconds(range.toMs + 1)],
    ['limit', String(range.limit)],
    ['direction', 'backward'],
  ] as const;
  const { body } = await client.getJson('/loki/api/v1/query_range', query, signal);
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) throw unexpected(parsed.error);
  const { data, warnings } = parsed.data;
  const entries = data.result.flatMap(({ stream, values }) => {
    const container = stream['container'] ?? stream['container_name'] ?? '';
    // Newest first, as asked for; turned here, so that entries of one time keep the order they were written in.
    return values.toReversed().map(([time, line]) => ({ time: BigInt(time), container, line }));
  });
  // Stable: what two streams have at the same time stays as the streams came.
  entries.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return {
    lines: entries.slice(-range.limit),
    warnings: (warnings ?? []).slice(0, WARNINGS_MAX).map((text) => printable(text, WARNING_LENGTH_MAX)),
  };
}

function nanoseconds(ms: number): string {
  return `${BigInt(Math.round(ms)) * 1_000_000n}`;
}
