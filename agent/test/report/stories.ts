import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { Entry, EntryBody } from '../../src/core/entry.ts';
import type { EvidenceItem } from '../../src/core/evidence.ts';
import type { Settings } from '../../src/core/settings.ts';
import type { IncidentSummary } from '../../src/ports.ts';
import { alert, settings, step, strategy, target } from '../engine/given.ts';
import { Harness } from '../engine/harness.ts';

const MINUTE_MS = 60_000;

/** What the real engine journaled of one kind of incident. */
export type Story = { readonly entries: readonly Entry[]; readonly summaries: readonly IncidentSummary[] };

/** Incidents of every kind, lived through by the real engine. */
export const STORIES = {
  recovered: () =>
    lived(settings(), async (harness) => {
      harness.runtime.die('web-1');
      await harness.fire(alert('web', { annotations: { summary: 'web does not answer' } }));
      await harness.pass(2 * MINUTE_MS);
    }),
  escalated: () =>
    lived(settings(), async (harness) => {
      harness.runtime.run('web').recovers = false;
      harness.runtime.die('web-1');
      harness.refuseDelivery = true;
      await harness.fire(alert('web'));
      await harness.pass(3 * MINUTE_MS);
      harness.refuseDelivery = false;
      await harness.pass(10 * MINUTE_MS);
      await harness.settled(harness.engine.command(openId(harness), 'acknowledge', 'ada', 'I look at it'));
    }),
  suppressed: () =>
    lived(settings(), async (harness) => {
      await harness.settled(
        harness.engine.hearRuntime({
          target: 'web',
          instance: 'web-1',
          instanceId: 'web-1-id'.padEnd(64, '0'),
          what: 'stopped',
          happenedAt: harness.clock.now(),
          reason: 'docker stop',
        }),
      );
      harness.runtime.die('web-1', 0);
      await harness.fire(alert('web'));
      await harness.pass(2 * MINUTE_MS);
    }),
  selfResolved: () =>
    lived(settings(), async (harness) => {
      await harness.fire(alert('web'));
      await harness.fire(alert('web', { status: 'resolved', endsAt: harness.clock.now() }));
      await harness.pass(2 * MINUTE_MS);
    }),
  approvalDenied: () =>
    lived(settings({ mode: 'approve' }), async (harness) => {
      harness.runtime.die('web-1');
      await harness.fire(alert('web'));
      await harness.until('approval-asked');
      await harness.pass(MINUTE_MS);
      await harness.settled(
        harness.engine.command(openId(harness), 'deny', 'ada', 'the database is moved just now'),
      );
      await harness.pass(MINUTE_MS);
    }),
  quarantined: () =>
    lived(
      settings({
        strategies: [
          strategy([], {
            name: 'poison',
            sources: [],
            matchers: [{ label: 'alertname', operator: '=', value: 'x', accepts: explode }],
          }),
        ],
      }),
      async (harness) => {
        harness.runtime.die('web-1');
        await harness.fire(alert('web'));
        await harness.pass(MINUTE_MS);
      },
    ),
  protected: () =>
    lived(settings({ targets: [target('web', { protected: true })] }), async (harness) => {
      harness.runtime.die('web-1');
      await harness.fire(alert('web'));
      await harness.pass(2 * MINUTE_MS);
    }),
  budgetSpent: () =>
    lived(
      settings({ strategies: [strategy(Array.from({ length: 5 }, () => step('restart')))] }),
      async (harness) => {
        harness.runtime.run('web').recovers = false;
        harness.runtime.die('web-1');
        await harness.fire(alert('web'));
        await harness.pass(15 * MINUTE_MS);
      },
    ),
  unknownTarget: () =>
    lived(settings(), async (harness) => {
      await harness.fire(alert('unheard-of'));
      await harness.pass(MINUTE_MS);
    }),
} as const satisfies { readonly [name: string]: () => Promise<Story> };

function explode(): boolean {
  throw new TypeError('accepts is not what it seems');
}

async function lived(given: Settings, live: (harness: Harness) => Promise<void>): Promise<Story> {
  const harness = await Harness.started(given);
  await live(harness);
  const { entries, summaries } = harness.content;
  const [incident] = entries.flatMap(({ incident: id }) => id ?? []);
  return {
    entries: entries.filter((entry) => entry.incident === incident),
    summaries: [...summaries.values()],
  };
}

function openId({ engine }: Harness): string {
  const [open] = engine.openIncidents();
  if (open === undefined) throw new Error('no incident is open');
  return open.id;
}

/** The story with other evidence, and with what was made of it. */
export function told(
  { entries, summaries }: Story,
  {
    items,
    diagnosis,
    more = [],
  }: {
    readonly items?: readonly EvidenceItem[];
    readonly diagnosis?: Diagnosis;
    readonly more?: readonly EntryBody[];
  },
): Story {
  const changed = entries.flatMap((entry): readonly Entry[] => {
    const { body } = entry;
    if (body.type !== 'evidence-gathered') return [entry];
    const bodies: readonly EntryBody[] = [
      { ...body, items: items ?? body.items },
      ...(diagnosis === undefined ? [] : [{ type: 'diagnosed', diagnosis } as const]),
      ...more,
    ];
    return bodies.map((each) => ({ ...entry, body: each }));
  });
  return { entries: changed, summaries };
}
