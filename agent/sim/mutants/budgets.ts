import type { Mutant } from './mutant.ts';

/** How often, how soon, and how many at once. */
export const BUDGETS: readonly Mutant[] = [
  {
    name: 'budget-in-memory',
    defect: 'a restart of the agent gives a new budget',
    edits: [
      {
        file: 'engine/recorder.ts',
        from: 'journal.load(clock.now() - 2 * FLEET_MEMORY_MS,',
        to: 'journal.load(clock.now(),',
      },
    ],
    seeds: 60,
  },
  {
    name: 'budget-by-container',
    defect: 'a recreated container has a new budget',
    edits: [
      {
        file: 'core/fleet/fold.ts',
        from: 'fleet.mutations.begin({ target,',
        to: 'fleet.mutations.begin({ ...{ instanceId: body.instanceId }, target,',
      },
      {
        file: 'core/guards/budget.ts',
        from: '({ target, now, limits, fleet, counts })',
        to: '({ target, now, limits, fleet, counts, instances })',
      },
      {
        file: 'core/guards/budget.ts',
        from: 'fleet.spentSince(now - windowMs, target.name)',
        to: 'fleet.mutationsOf(target.name, now - windowMs).filter((record) => instances.some(({ id }) => id === record.instanceId)).length',
      },
    ],
    seeds: 200,
  },
  {
    name: 'budget-anew-for-all',
    defect: 'a new budget for one target is one for all',
    edits: [
      {
        file: 'core/fleet/breakers.ts',
        from: 'return Math.max(since, this.#resets.get(target) ?? since);',
        to: "return Math.max(since, ...this.#resets.values(), target === '' ? 0 : since);",
      },
    ],
    seeds: 1_500,
  },
  {
    name: 'budget-off-by-one',
    defect: 'one mutation more than the budget allows',
    edits: [{ file: 'core/guards/budget.ts', from: 'spent < mutations', to: 'spent <= mutations' }],
    seeds: 60,
  },
  {
    name: 'budget-window-short',
    defect: 'the budget looks back over nine tenths of its window',
    edits: [
      {
        file: 'core/guards/budget.ts',
        from: 'fleet.spentSince(now - windowMs,',
        to: 'fleet.spentSince(now - 0.9 * windowMs,',
      },
      { file: 'core/decide/act.ts', from: 'budget.breakerMs', to: 'budget.breakerMs / 10' },
    ],
    seeds: 1_000,
  },
  {
    name: 'late-repeat-not-counted',
    defect: 'a mutation that is repeated after a crash counts at its first time only',
    edits: [
      { file: 'core/fleet/fold.ts', from: 'else fleet.mutations.goOn({ target, incident, at });', to: '' },
    ],
    seeds: 600,
  },
  {
    name: 'backoff-ignored',
    defect: 'no pause between two mutations of a target',
    edits: [{ file: 'core/guards/backoff.ts', from: 'return now >= until', to: 'return now >= 0' }],
    seeds: 400,
  },
  {
    name: 'last-place-taken-twice',
    defect: 'a further target takes a place in the window that another one has',
    edits: [
      {
        file: 'core/guards/blastRadius.ts',
        from: 'touched.length < allowed',
        to: 'touched.length <= allowed',
      },
    ],
    seeds: 20,
  },
  {
    name: 'too-many-at-once',
    defect: 'one target more than allowed is mutated at the same moment',
    edits: [
      {
        file: 'core/guards/blastRadius.ts',
        from: 'others.length >= concurrent',
        to: 'others.length > concurrent',
      },
    ],
    seeds: 100,
  },
  {
    name: 'panic-without-itself',
    defect:
      'a target that asks does not count itself among those that fail, and half of the fleet is no panic yet',
    edits: [
      {
        file: 'core/guards/panic.ts',
        from: 'const clear = failing < threshold;',
        to: 'const clear = failing - 1 < threshold;',
      },
      {
        file: 'core/panic.ts',
        from: 'failingNow(fleet, settings, now).length >= threshold',
        to: 'failingNow(fleet, settings, now).length > threshold',
      },
    ],
    seeds: 60,
  },
];
