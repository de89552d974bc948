import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import type { Context, Input } from '../../src/core/context.ts';
import { openIncident } from '../../src/core/decide/opening.ts';
import { decide } from '../../src/core/decide.ts';
import { pending } from '../../src/core/effects.ts';
import { type Draft, type Entry, type EntryBody, originOf } from '../../src/core/entry.ts';
import { evolve } from '../../src/core/evolve.ts';
import { Fleet } from '../../src/core/fleet.ts';
import type { Incident } from '../../src/core/incident.ts';
import { placeSignal } from '../../src/core/intake.ts';
import { alert, settings, step, strategy, target } from '../engine/given.ts';
import { Harness } from '../engine/harness.ts';

const MINUTE_MS = 60_000;

/** What may befall a target while the agent is at work on it. */
const event = fc.constantFrom(
  'die',
  'heal',
  'fire',
  'resolve',
  'twin',
  'blind',
  'see',
  'lose answers',
  'answer',
  'restart the agent',
  'jump',
  'recover',
);
const story = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 3 * MINUTE_MS })), {
  minLength: 1,
  maxLength: 12,
});

async function live(events: readonly (readonly [string, number])[]): Promise<Harness> {
  let harness = await Harness.started(configured());
  for (const [what, afterMs] of events) {
    const startsAt = harness.clock.now();
    if (what === 'die') harness.runtime.die('web-1');
    if (what === 'heal') harness.runtime.run('web');
    if (what === 'fire') await harness.fire(alert('web', { startsAt }));
    if (what === 'resolve') await harness.fire(alert('web', { status: 'resolved', endsAt: startsAt }));
    if (what === 'twin') await harness.fire(alert('web', { startsAt: startsAt - 7_000 }));
    if (what === 'blind') harness.runtime.trouble = 'unreachable';
    if (what === 'see' || what === 'answer') harness.runtime.trouble = 'none';
    if (what === 'lose answers') harness.runtime.trouble = 'answer-lost';
    if (what === 'restart the agent') harness = await Harness.restarted(harness);
    if (what === 'jump') harness.clock.jump(10 * MINUTE_MS);
    if (what === 'recover') await harness.settled(harness.engine.recover('web', 'ann', 'please'));
    await harness.pass(afterMs);
  }
  return harness;
}

const configured = () =>
  settings({
    targets: [target('web'), target('db')],
    strategies: [
      strategy([step('check_logs'), step('restart'), step('wait', { for: '5s' }), step('restart')]),
    ],
  });

/** The states of every incident after each entry of the journal. */
function fold(entries: readonly Draft[]): ReadonlyMap<string, Incident> {
  const incidents = new Map<string, Incident>();
  for (const entry of entries) {
    if (entry.incident === null) continue;
    incidents.set(entry.incident, evolve(incidents.get(entry.incident) ?? null, entry));
  }
  return incidents;
}

test('what was folded entry by entry and what a start folds anew agree at every point: a fold touches nothing', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (events) => {
      const { entries } = (await live(events)).content;
      const states: Incident[] = [];
      const shown: string[] = [];
      const incidents = new Map<string, Incident>();
      for (const entry of entries) {
        if (entry.incident === null) continue;
        const state = evolve(incidents.get(entry.incident) ?? null, entry);
        incidents.set(entry.incident, state);
        states.push(state);
        shown.push(show(state));
      }
      assert.deepEqual(states.map(show), shown);
      for (const [id, state] of fold(entries)) assert.equal(show(state), show(incidents.get(id)));
    }),
    { numRuns: 40 },
  );
});

test('an effect’s key is never used for two different things', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (events) => {
      const { entries } = (await live(events)).content;
      const meaning = new Map<string, unknown>();
      const incidents = new Map<string, Incident>();
      for (const entry of entries) {
        if (entry.incident === null) continue;
        const incident = evolve(incidents.get(entry.incident) ?? null, entry);
        incidents.set(entry.incident, incident);
        for (const effect of pending(incident)) {
          const key = `${incident.id} ${effect.key}`;
          const what =
            'mutation' in effect ? [effect.kind, effect.mutation.instance, effect.mutation.run] : effect.kind;
          if (!meaning.has(key)) meaning.set(key, what);
          assert.deepEqual(meaning.get(key), what);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('deciding again from what was heard comes to the same decisions', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (events) => {
      const { entries } = (await live(events)).content;
      for (const { decided, journaled } of decideAgain(entries)) assert.deepEqual(decided, journaled);
    }),
    { numRuns: 40 },
  );
});

/** For every firing that opened an incident, and every word of a person: what is decided on it now, and what was. */
function* decideAgain(entries: readonly Entry[]): Generator<{ decided: unknown; journaled: unknown }> {
  const fleet = new Fleet();
  const incidents = new Map<string, Incident>();
  for (const [index, entry] of entries.entries()) {
    const { incident: id, body, at } = entry;
    const context = contextAt(at, fleet);
    if (body.type === 'incident-opened') {
      const heard = entries[index + 1]?.body;
      assert.ok(heard?.type === 'signal-heard');
      const placement = placeSignal(heard.signal, context);
      assert.equal(placement.kind, 'open');
      if (placement.kind === 'open') {
        const decided = openIncident(body.id, placement, heard.signal, context).map((draft) => draft.body);
        yield { decided: plain(decided), journaled: plain(following(entries, index, decided.length)) };
      }
    } else if (id !== null && originOf(body.type) === 'heard') {
      const input = inputOf(body);
      const state = incidents.get(id);
      if (input !== null && state !== undefined) {
        const decided = decide(state, input, context).map((draft) => draft.body);
        yield { decided: plain(decided), journaled: plain(following(entries, index, decided.length)) };
      }
    }
    fleet.apply(entry);
    if (id !== null) incidents.set(id, evolve(incidents.get(id) ?? null, entry));
  }
}

/** The input that an entry is the record of, where it can be told from the entry alone. */
function inputOf(body: EntryBody): Input | null {
  switch (body.type) {
    case 'signal-heard':
      return { kind: 'signal', signal: body.signal, trusted: body.trusted };
    case 'resumed':
      return { kind: 'resumed' };
    case 'person-said':
      return { kind: 'person', command: body.command, who: body.who, reason: body.reason };
    default:
      return null;
  }
}

const following = (entries: readonly Entry[], from: number, count: number) =>
  entries.slice(from, from + count).map(({ body }) => body);

function contextAt(now: number, fleet: Fleet): Context {
  const current = configured();
  return {
    now,
    settings: current,
    fleet,
    targets: current.targets,
    self: { kind: 'outside' },
    discoveryTrouble: null,
  };
}

/** As it is after the way through the journal. */
function plain<T>(value: T): unknown {
  return JSON.parse(JSON.stringify(value));
}

function show(state: unknown): string {
  return inspect(state, { depth: null, maxArrayLength: null, sorted: true });
}
