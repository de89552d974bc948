import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Entry } from '../../src/core/entry.ts';
import { SAMPLE_BODIES, sampleEntry } from '../fakes/entries.ts';
import { sampleSummary } from '../fakes/summary.ts';
import { escalation } from '../notify/messages.ts';
import { foreignIn, renderings } from '../report/render.ts';
import { ATTEMPTS } from './attempts.ts';
import { openShowroom, type Showroom, unsafeIn } from './show.ts';

// What comes in is cleaned. An old journal was not, and neither is a name that some runtime gives: whoever shows text
// must not rest on that.

/** Longer ones are cut on their way in; what is at stake here is what is shown. */
const LENGTH_MAX = 3_000;

/** Fields that hold words. All others are codes, ids and kinds, which are the agent's own. */
const WORDS: ReadonlySet<string> = new Set([
  'action',
  'annotations',
  'channel',
  'channels',
  'error',
  'fingerprint',
  'generatorUrl',
  'group',
  'guard',
  'instance',
  'labels',
  'lookAt',
  'missing',
  'model',
  'name',
  'place',
  'reason',
  'receiver',
  'remaining',
  'remedy',
  'run',
  'self',
  'strategy',
  'summary',
  'target',
  'template',
  'text',
  'version',
  'who',
  'withheld',
]);

/** The value with every word of it replaced by `text`. */
function poisoned(value: unknown, text: string, isWord = false): unknown {
  if (typeof value === 'string') return isWord ? text : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => poisoned(each, text, isWord));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, poisoned(each, text, isWord || WORDS.has(key))]),
  );
}

function journalOf(text: string): readonly Entry[] {
  const { 'incident-opened': opened, ...rest } = SAMPLE_BODIES;
  const bodies = [opened, ...Object.values(rest)];
  return bodies.map((body) => {
    // Only words were replaced, by other words.
    const changed = poisoned(body, text) as Entry['body'];
    return sampleEntry(changed, { target: text });
  });
}

describe('text that was not cleaned on its way in', () => {
  let showroom: Showroom;
  before(async () => {
    showroom = await openShowroom();
  });
  after(async () => {
    await showroom[Symbol.asyncDispose]();
  });

  for (const { name, text: whole } of ATTEMPTS) {
    test(`${name}: is shown as text and nothing else, wherever it stands`, async () => {
      const text = whole.slice(0, LENGTH_MAX);
      const message = {
        ...escalation(),
        target: text,
        reason: text,
        strategy: text,
        causes: SAMPLE_BODIES.diagnosed.diagnosis.causes.map((cause) => ({
          ...cause,
          summary: text,
          remedy: text,
        })),
        alerts: [{ name: text, labels: { [text]: text } }],
        attempts: escalation().attempts.map((attempt) => ({ ...attempt, instance: text, reason: text })),
      };
      const summary = sampleSummary({ target: text, reason: text });
      const { texts, report } = await showroom.show(journalOf(text), [summary], [message]);
      assert.match(report, /^## Evidence$/m);
      for (const [where, shown] of texts) assert.deepEqual(unsafeIn(shown), [], where);
      for (const html of renderings(report)) assert.deepEqual(foreignIn(html), []);
    });
  }
});
