import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Control } from '../../src/core/control.ts';
import type { EntryBody } from '../../src/core/entry.ts';
import { FLEET_ENTRIES } from '../../src/core/fleet/fold.ts';
import { JournalError } from '../../src/errors.ts';
import type { Journal } from '../../src/ports.ts';
import { draft, ended, escalated, notified, opened, summary } from '../fakes/drafts.ts';
import { SAMPLE_BODIES } from '../fakes/entries.ts';
import { loadAll } from '../fakes/loadAll.ts';

const ALL: ReadonlySet<EntryBody['type']> = new Set([...FLEET_ENTRIES, 'resumed']);

/** A place for a journal, empty at first. */
export interface JournalPlace extends AsyncDisposable {
  /** Opens the journal of this place; the one that was opened before is closed or its process gone. */
  open(): Promise<Journal>;
  /** From now on nothing can be written, for a reason outside of the program; the answer mends it. */
  breakWrites(): Promise<() => Promise<void>>;
}

/** What the engine rests on; every journal passes it. */
export function journalContract(name: string, makePlace: () => Promise<JournalPlace>): void {
  const within = (behaviour: string, body: (journal: Journal, place: JournalPlace) => Promise<void>) =>
    test(behaviour, async () => {
      await using place = await makePlace();
      const journal = await place.open();
      await body(journal, place);
      await journal.close();
    });

  describe(`the journal contract: ${name}`, () => {
    within(
      'entries come back in order, with ascending places, after it was closed and opened',
      async (journal, place) => {
        const drafts = [opened('i1'), draft({ type: 'resumed' }, { incident: 'i1' }), ended('i1')];
        const appended = await journal.append(drafts, [summary('i1')]);
        await journal.close();

        const again = await place.open();
        assert.deepEqual(await loadAll(again, 0, ALL), appended);
        assert.deepEqual(
          appended.map(({ v, seq: _, ...rest }) => ({ v, ...rest })),
          drafts.map((each) => ({ v: 1, ...each })),
        );
        const places = appended.map(({ seq }) => seq);
        assert.deepEqual(
          places,
          places.toSorted((a, b) => a - b),
        );
        assert.equal(new Set(places).size, drafts.length);
        const [later] = await again.append([draft({ type: 'resumed' })], []);
        assert.ok((later?.seq ?? 0) > Math.max(...places));
        await again.close();
      },
    );

    within('appends made at once are served in the order they were made', async (journal) => {
      const ids = Array.from({ length: 50 }, (_, index) => `i${index}`);
      await Promise.all(ids.map((id) => journal.append([opened(id), ended(id)], [])));
      const order = (await loadAll(journal, 0)).map(({ incident }) => incident);
      assert.deepEqual(
        order,
        ids.flatMap((id) => [id, id]),
      );
    });

    within(
      'what strangers wrote comes back to the letter, and a missing label is missing',
      async (journal) => {
        const labels: Record<string, string> = Object.create(null);
        Object.assign(labels, { alertname: 'Überlast 🔥', nul: 'a\0b', half: '\ud83d', quote: `'";--\n` });
        Object.defineProperty(labels, '__proto__', { value: 'polluted', enumerable: true });
        const annotations: Record<string, string> = Object.create(null);
        const alert = {
          fingerprint: 'f1',
          status: 'firing',
          labels,
          annotations,
          startsAt: 5,
          endsAt: null,
          generatorUrl: '',
        } as const;
        const signal = { source: 'alertmanager', alert, receiver: 'r' } as const;
        await journal.append([draft({ type: 'signal-heard', signal, trusted: true })], []);

        const [entry] = await loadAll(journal, 0);
        assert.ok(entry?.body.type === 'signal-heard' && entry.body.signal.source === 'alertmanager');
        assert.deepEqual(entry.body.signal.alert, alert);
        assert.equal(entry.body.signal.alert.labels['constructor'], undefined);
      },
    );

    within('a start loads what is recent, and all of what is not settled, however old', async (journal) => {
      await journal.append([opened('old-open', 10), opened('old-ended', 20), ended('old-ended', 30)], []);
      await journal.append(
        [draft({ type: 'resumed' }, { at: 40 }), opened('new', 100), ended('new', 110)],
        [],
      );
      const loaded = await loadAll(journal, 100);
      assert.deepEqual(
        loaded.map(({ incident, body }) => `${incident} ${body.type}`),
        ['old-open incident-opened', 'new incident-opened', 'new incident-ended'],
      );
    });

    within('of what is settled, and of late, a start loads the wanted entries alone', async (journal) => {
      await journal.append(
        [
          ...[
            opened('done', 100),
            draft({ type: 'resumed' }, { incident: 'done', at: 101 }),
            ended('done', 102),
          ],
          ...[opened('open', 103), draft({ type: 'resumed' }, { incident: 'open', at: 104 })],
          draft({ type: 'agent-stopped', reason: 'told to' }, { at: 105 }),
        ],
        [],
      );
      const found = await Array.fromAsync(
        journal.load(100, new Set(['incident-ended'])),
        ({ entry, settled }) => `${entry.incident} ${entry.body.type}${settled ? ', settled' : ''}`,
      );
      assert.deepEqual(found, [
        'done incident-ended, settled',
        'open incident-opened',
        'open resumed',
        'null agent-stopped',
      ]);
    });

    within('an incident that ended is not settled while it is analysed', async (journal) => {
      const after = (incident: string, body: EntryBody) => draft(body, { incident, at: 40 });
      const { 'analysis-started': started, 'analysis-ended': answered, quarantined } = SAMPLE_BODIES;
      await journal.append(
        ['a', 'b', 'c'].flatMap((id) => [opened(id, 10), after(id, started), ended(id, 50)]),
        [],
      );
      const open = async () =>
        new Set(
          (await loadAll(journal, 1_000))
            .filter(({ body }) => body.type === 'incident-ended')
            .map(({ incident }) => incident),
        );
      assert.deepEqual(await open(), new Set(['a', 'b', 'c']));
      await journal.append([after('a', answered)], []);
      await journal.append([after('b', quarantined)], []);
      assert.deepEqual(await open(), new Set(['c']));
    });

    within('who reads only a part of a start leaves the journal as usable as it was', async (journal) => {
      await journal.append([opened('i1'), opened('i2')], []);
      for await (const { entry } of journal.load(0, ALL)) {
        assert.equal(entry.incident, 'i1');
        break;
      }
      await journal.append([ended('i1')], []);
      assert.equal((await loadAll(journal, 0)).length, 3);
    });

    within(
      'a start loads what is in force until it is taken back, however old, and nothing that was taken back',
      async (journal) => {
        const set = (control: Control, at: number) =>
          draft({ type: 'control-set', control, who: 'ada', reason: 'disks' }, { at });
        const instance = (type: 'instance-stopped' | 'instance-started' | 'instance-removed', id: string) =>
          draft(
            type === 'instance-stopped'
              ? { type, instance: 'web-1', instanceId: id, by: 'stop' }
              : { type, instance: 'web-1', instanceId: id },
            { at: 30, target: 'web' },
          );
        await journal.append(
          [
            set({ kind: 'maintenance-start', id: 'm1', target: null, until: 5_000 }, 10),
            set({ kind: 'maintenance-start', id: 'm2', target: 'web', until: 5_000 }, 11),
            set({ kind: 'maintenance-end', id: 'm1' }, 12),
            set({ kind: 'mode', target: null, mode: 'observe' }, 13),
            set({ kind: 'mode', target: null, mode: 'off' }, 14),
            set({ kind: 'mode', target: 'web', mode: 'off' }, 15),
            set({ kind: 'mode', target: 'web', mode: null }, 16),
            draft({ type: 'breaker-opened', target: 'web', until: 900, reason: 'spent' }, { at: 17 }),
            draft({ type: 'breaker-opened', target: 'api', until: 900, reason: 'spent' }, { at: 18 }),
            set({ kind: 'breaker-reset', target: 'web' }, 19),
            instance('instance-stopped', 'a'),
            instance('instance-stopped', 'b'),
            instance('instance-started', 'b'),
            instance('instance-stopped', 'c'),
            instance('instance-removed', 'c'),
          ],
          [],
        );
        const loaded = (await loadAll(journal, 1_000)).map(({ body }) =>
          body.type === 'control-set' ? body.control : body.type,
        );
        assert.deepEqual(loaded, [
          { kind: 'maintenance-start', id: 'm2', target: 'web', until: 5_000 },
          { kind: 'mode', target: null, mode: 'off' },
          'breaker-opened',
          'instance-stopped',
        ]);
      },
    );

    within('an escalated incident that ended is loaded until every channel knows', async (journal) => {
      await journal.append([opened('i1', 10), escalated('i1', ['webhook', 'alertmanager'], 20)], []);
      await journal.append(
        [notified('i1', 'webhook', false, 30), notified('i1', 'alertmanager', false, 30)],
        [],
      );
      await journal.append([ended('i1', 40), notified('i1', 'webhook', true, 50)], []);
      assert.equal((await loadAll(journal, 1_000)).length, 6);

      await journal.append([notified('i1', 'alertmanager', true, 60)], []);
      assert.deepEqual(await loadAll(journal, 1_000), []);
    });

    within('an incident that is withdrawn everywhere and not ended is not settled', async (journal) => {
      await journal.append([opened('i1', 10), escalated('i1', ['webhook'], 20)], []);
      await journal.append([notified('i1', 'webhook', false, 30), notified('i1', 'webhook', true, 40)], []);
      assert.equal((await loadAll(journal, 1_000)).length, 4);
      await journal.append([ended('i1', 50)], []);
      assert.deepEqual(await loadAll(journal, 1_000), []);
    });

    within('one incident is read by itself, oldest first, up to the limit', async (journal) => {
      await journal.append([opened('i1'), opened('i2'), escalated('i1', []), ended('i2'), ended('i1')], []);
      const types = (await journal.entriesOf('i1', 100)).map(({ body }) => body.type);
      assert.deepEqual(types, ['incident-opened', 'escalated', 'incident-ended']);
      assert.equal((await journal.entriesOf('i1', 2)).length, 2);
      assert.deepEqual(await journal.entriesOf('nobody', 2), []);
      const some = await journal.entriesOf('i1', 1, ['escalated', 'incident-ended']);
      assert.deepEqual(
        some.map(({ body }) => body.type),
        ['escalated'],
      );
      assert.deepEqual(await journal.entriesOf('i1', 2, []), []);
    });

    within('a summary shows what was written last', async (journal) => {
      assert.equal(await journal.incident('i1'), null);
      await journal.append([], [summary('i1')]);
      const last = summary('i1', {
        endedAt: 9,
        phase: 'ended',
        outcome: 'recovered',
        escalated: true,
        target: null,
      });
      await journal.append([], [last]);
      assert.deepEqual(await journal.incident('i1'), last);
      assert.deepEqual(await journal.incidents({ limit: 10 }), [last]);
    });

    within('incidents are listed newest first, by target, by state, and page by page', async (journal) => {
      const all = [
        summary('i1', { openedAt: 1, endedAt: 5, phase: 'ended', outcome: 'recovered' }),
        summary('i2', { openedAt: 2, target: 'api' }),
        summary('i3', { openedAt: 3, target: null }),
        summary('i4', { openedAt: 4 }),
      ];
      await journal.append([], all);
      const ids = async (query: Parameters<Journal['incidents']>[0]) =>
        (await journal.incidents(query)).map(({ id }) => id);
      assert.deepEqual(await ids({ limit: 10 }), ['i4', 'i3', 'i2', 'i1']);
      assert.deepEqual(await ids({ limit: 2 }), ['i4', 'i3']);
      assert.deepEqual(await ids({ limit: 2, before: 3 }), ['i2', 'i1']);
      assert.deepEqual(await ids({ limit: 10, target: 'web' }), ['i4', 'i1']);
      assert.deepEqual(await ids({ limit: 10, state: 'open' }), ['i4', 'i3', 'i2']);
      assert.deepEqual(await ids({ limit: 10, state: 'ended', target: 'web' }), ['i1']);
    });

    within(
      'an append that fails leaves nothing, and the next one works when the cause is gone',
      async (journal, place) => {
        await journal.append([opened('before')], [summary('before')]);
        const mend = await place.breakWrites();
        const refused = journal.append([opened('lost'), ended('before')], [summary('lost')]);
        await assert.rejects(
          refused,
          (error) => error instanceof JournalError && error.code === 'JOURNAL_WRITE',
        );
        assert.equal((await loadAll(journal, 0)).length, 1);
        assert.equal(await journal.incident('lost'), null);

        await mend();
        await journal.append([opened('after')], [summary('after')]);
        const incidents = (await loadAll(journal, 0)).map(({ incident }) => incident);
        assert.deepEqual(incidents, ['before', 'after']);
      },
    );

    within('an entry that is too large is refused whole, with the batch around it', async (journal) => {
      const huge = draft({ type: 'agent-stopped', reason: 'x'.repeat(9 * 1024 * 1024) });
      await assert.rejects(journal.append([opened('i1'), huge], []), JournalError);
      assert.deepEqual(await loadAll(journal, 0), []);
    });

    within('an empty append is no error', async (journal) => {
      assert.deepEqual(await journal.append([], []), []);
    });

    within(
      'what is under way when it is closed is finished; later calls are refused',
      async (journal, place) => {
        const underWay = journal.append([opened('i1')], []);
        await journal.close();
        assert.equal((await underWay).length, 1);
        await assert.rejects(journal.append([opened('i2')], []), JournalError);
        await assert.rejects(loadAll(journal, 0), JournalError);
        const again = await place.open();
        assert.equal((await loadAll(again, 0)).length, 1);
        await again.close();
      },
    );
  });
}
