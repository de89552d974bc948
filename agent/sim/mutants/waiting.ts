import type { Mutant } from './mutant.ts';

/** Whoever waits is woken, by its own deadline. */
export const WAITING: readonly Mutant[] = [
  {
    name: 'timer-lost-over-restart',
    defect: 'an incident that waits when the agent is restarted is never woken',
    edits: [
      { file: 'engine/reconciler.ts', from: '#acting = false;', to: '#acting = false;\n  #begun = false;' },
      {
        file: 'engine/reconciler.ts',
        from: 'this.reconcileAll();\n  }\n\n  reconcile(',
        to: 'this.reconcileAll();\n    this.#begun = true;\n  }\n\n  reconcile(',
      },
      {
        file: 'engine/reconciler.ts',
        from: 'this.#alarms.set(id, incident === null ? null : wakeAt(incident));',
        to: 'this.#alarms.set(id, incident === null || !this.#begun ? null : wakeAt(incident));',
      },
    ],
    seeds: 800,
  },
  {
    name: 'waits-for-resolved',
    defect: 'a proof that is not given in time is awaited for ever',
    edits: [
      { file: 'core/decide/tick.ts', from: 'if (now >= phase.until) onProofTimeout(decision);', to: '' },
      {
        file: 'core/decide/tick.ts',
        from: "|| phase.kind === 'unsure';",
        to: "|| phase.kind === 'unsure' || phase.kind === 'verifying';",
      },
    ],
    seeds: 20,
  },
  {
    name: 'cycle-deadlocks',
    defect: 'two services that depend on each other wait for each other',
    edits: [
      {
        file: 'core/guards/dependency.ts',
        from: ' && !goesFirst(target.name, name, targets)',
        to: ' && (name !== name || goesFirst(target.name, name, []) === false)',
      },
    ],
    seeds: 600,
  },
  {
    name: 'sick-incident-stops-all',
    defect: 'a decision that throws is thrown on instead of set aside',
    edits: [
      {
        file: 'engine/decider.ts',
        from: 'this.#recorder.write(quarantine(incident, error, context));',
        to: 'throw error;',
      },
    ],
    seeds: 100,
  },
];
