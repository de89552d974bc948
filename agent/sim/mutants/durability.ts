import type { Mutant } from './mutant.ts';

/** What is on record before it is done, what is known after a crash, and what a lost answer means. */
export const DURABILITY: readonly Mutant[] = [
  {
    name: 'effect-before-journal',
    defect: 'an effect starts while its entry is still being written',
    edits: [
      {
        file: 'engine/committer.ts',
        from: 'this.#onCommitted(await this.#append(drafts));',
        to: 'const writing = this.#append(drafts); this.#onCommitted(drafts as never); await writing;',
      },
    ],
    seeds: 20,
  },
  {
    name: 'acts-while-it-starts',
    defect: 'an agent that starts acts before all know that it was away, and on what is still being written',
    edits: [
      { file: 'engine/reconciler.ts', from: 'if (!this.#acting) return;', to: '' },
      {
        file: 'engine/engine.ts',
        from: 'await this.#recorder.whenDurable(() => this.#reconciler.begin());',
        to: 'this.#reconciler.begin();',
      },
    ],
    seeds: 60,
  },
  {
    name: 'acknowledge-before-durable',
    defect: 'a signal is acknowledged before its entry is durable',
    edits: [
      {
        file: 'engine/committer.ts',
        from: 'if (decided.length > 0) this.#conclude();',
        to: 'if (decided.length > 0) this.#conclude(); for (const task of decided) task.resolve();',
      },
    ],
    seeds: 20,
  },
  {
    name: 'failed-append-kept',
    defect: 'what could not be written stays in memory as if it had been',
    edits: [{ file: 'engine/committer.ts', from: 'await this.#onFailure(error);', to: '' }],
    seeds: 200,
  },
  {
    name: 'journal-written-into',
    defect: 'who folds an entry writes into it',
    edits: [
      {
        file: 'core/evolve/signal.ts',
        from: 'const { fingerprint, labels, status, endsAt, generatorUrl } = signal.alert;',
        to: 'const { fingerprint, labels, status, endsAt, generatorUrl } = Object.assign(signal.alert, { annotations: {} });',
      },
    ],
    seeds: 60,
  },
  {
    name: 'next-run-restarted',
    defect:
      'a run that somebody began between the decision and the call is restarted for what its predecessor had',
    edits: [
      {
        file: 'engine/actionRunner.ts',
        from: 'if (runOf(instance) !== mutation.run)',
        to: "if (runOf(instance) === '')",
      },
    ],
    seeds: 1_500,
  },
  {
    name: 'repeat-without-looking',
    defect: 'after a crash a mutation that was under way is simply made again',
    edits: [
      {
        file: 'core/evolve/resumption.ts',
        from: "    case 'mutating':\n      return { ...state, phase: { ...phase, kind: 'unsure' } };",
        to: "    case 'mutating':\n      return state;",
      },
    ],
    seeds: 60,
  },
  {
    name: 'lost-answer-not-awaited',
    defect: 'a call without an answer counts as not made although the daemon is still at it',
    edits: [
      {
        file: 'actions/confirm.ts',
        from: 'const settled = agoMs + askedAt - begunAt >= settledAfterMs;',
        to: 'const settled = askedAt >= 0;',
      },
    ],
    seeds: 100,
  },
];
