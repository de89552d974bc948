import type { z } from 'zod';
import { isSaidBefore, type Said } from '../core/saidBefore.ts';
import {
  ENTRIES_PAGE_MAX,
  type entrySchema,
  incidentSchema,
  type summarySchema,
} from '../http/apiSchemas.ts';
import type { ApiClient } from './apiClient.ts';
import { showTime } from './apiCommand.ts';

export type Summary = z.output<typeof summarySchema>;
export type EntryView = z.output<typeof entrySchema>;

/** An incident, its entries from an offset on, and whether those are all. */
export type Story = {
  readonly incident: Summary;
  readonly entries: readonly EntryView[];
  readonly complete: boolean;
};

/** Reads the journal of an incident page by page, `max` entries or a page more. */
export async function readStory(client: ApiClient, id: string, max: number, offset = 0): Promise<Story> {
  const entries: EntryView[] = [];
  const path = `/api/v1/incidents/${encodeURIComponent(id)}`;
  for (;;) {
    const page: z.output<typeof incidentSchema> = await client.get(
      `${path}?offset=${offset + entries.length}&limit=${ENTRIES_PAGE_MAX}`,
      incidentSchema,
    );
    entries.push(...page.entries);
    const complete = page.next === null || page.entries.length === 0;
    if (complete || entries.length >= max) return { incident: page.incident, entries, complete };
  }
}

/** A line an entry, without what the one before it has said already; `before` is the entry that came before them. */
export function storyLines(entries: readonly EntryView[], before?: EntryView): readonly string[] {
  return entries
    .filter((entry, index) => {
      const last = index === 0 ? before : entries[index - 1];
      return !isSaidBefore(said(entry), last === undefined ? undefined : said(last));
    })
    .map(({ at, text }) => `${showTime(at)}  ${text}`);
}

function said({ text, body }: EntryView): Said {
  return { type: String(body['type']), text };
}
