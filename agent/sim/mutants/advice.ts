import type { Mutant } from './mutant.ts';

/** What advice may change, and what it may cost. */
export const ADVICE: readonly Mutant[] = [
  {
    name: 'advice-adds-a-step',
    defect: 'a strategy that the analyst names is taken whatever it does',
    edits: [
      {
        file: 'core/temper.ts',
        from: 'if (isGentler(merged, plan)) {',
        to: 'if (merged.steps.length > 0) {',
      },
    ],
    seeds: 60,
  },
  {
    name: 'advice-shortens-a-wait',
    defect: 'a strategy counts as gentler although it acts sooner',
    edits: [
      {
        file: 'core/gentler.ts',
        from: 'waitedMs(leg.before) >= waitedMs(other.before) &&',
        to: 'waitedMs(leg.before) >= 0 &&',
      },
      {
        file: 'core/temper.ts',
        from: 'doesNoMore(candidate, plan) && !doesNoMore(plan, candidate)',
        to: 'doesNoMore(candidate, plan)',
      },
    ],
    seeds: 2_500,
  },
  {
    name: 'advice-loosens-the-mode',
    defect: 'a plan that advice has changed is under no mode of its own any more',
    edits: [{ file: 'core/decide/prudence.ts', from: 'mode: careful.mode,', to: "mode: 'auto'," }],
    seeds: 100,
  },
  {
    name: 'withheld-is-done',
    defect: 'what advice took out of a plan is told, and done all the same',
    edits: [
      {
        file: 'core/evolve/plan.ts',
        from: 'strategy: { name: body.strategy, mode: body.mode, steps: body.steps },\n    heeded',
        to: 'heeded',
      },
    ],
    seeds: 60,
  },
  {
    name: 'analysis-waits-for-ever',
    defect: 'an analyst that hangs holds up the recovery',
    edits: [
      {
        file: 'engine/analystDesk.ts',
        from: 'return soundAnswer(await bounded(asked, deadline.signal), [...tools.answers]);',
        to: 'return soundAnswer(await asked, [...tools.answers]);',
      },
      {
        file: 'core/decide/analysis.ts',
        from: 'decision.context.now < asked.by',
        to: 'decision.context.now < asked.by + 1e9',
      },
    ],
    seeds: 60,
  },
  {
    name: 'analysis-not-awaited',
    defect: 'the first step waits for the analyst in the journal alone',
    edits: [
      {
        file: 'core/evolve/analysis.ts',
        from: "phase: body.waits ? { kind: 'analysing' } : state.phase,",
        to: 'phase: state.phase,',
      },
    ],
    seeds: 60,
  },
  {
    name: 'spending-forgotten',
    defect: 'a restart of the agent forgets what the analyses of the day have cost',
    edits: [
      {
        file: 'engine/memory.ts',
        from: 'restore({ entry, settled }: LoadedEntry): void {',
        to: "restore({ entry: read, settled }: LoadedEntry): void { const entry = read.body.type === 'analysis-ended' ? { ...read, body: { ...read.body, day: { startsAt: 0, tokens: 0, costUsd: 0 } } } : read;",
      },
    ],
    seeds: 200,
  },
];
