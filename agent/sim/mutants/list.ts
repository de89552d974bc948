import type { Mutant } from './mutant.ts';

/** The defects. Each is one that a careful programmer could make, and a review could miss. */
export const MUTANTS: readonly Mutant[] = [
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
  {
    name: 'budget-in-memory',
    defect: 'a restart of the agent gives a new budget',
    edits: [
      {
        file: 'engine/recorder.ts',
        from: 'journal.load(clock.now() - 2 * FLEET_MEMORY_MS)',
        to: 'journal.load(clock.now())',
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
        to: 'fleet.mutationsSince(now - windowMs, target.name).filter((record: any) => instances.some(({ id }) => id === record.instanceId)).length',
      },
    ],
    seeds: 200,
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
    seeds: 400,
  },
  {
    name: 'late-repeat-not-counted',
    defect: 'a mutation that is repeated after a crash counts at its first time only',
    edits: [{ file: 'core/fleet/fold.ts', from: 'else fleet.mutations.goOn(incident, at);', to: '' }],
    seeds: 200,
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
        from: 'lastByTarget.size < allowed',
        to: 'lastByTarget.size <= allowed',
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
        from: 'failingNow(fleet, settings, now).length >= panicThreshold(',
        to: 'failingNow(fleet, settings, now).length > panicThreshold(',
      },
    ],
    seeds: 60,
  },
  {
    name: 'resolved-is-firing',
    defect: 'a resolved alert opens an incident',
    edits: [
      {
        file: 'core/intake.ts',
        from: "if (alert.status === 'resolved') {",
        to: "if (alert.status === 'resolved' && now < 0) {",
      },
    ],
    seeds: 200,
  },
  {
    name: 'deduplicated-for-ever',
    defect: 'an alert that was heard once is never acted on again',
    edits: [
      {
        file: 'core/intake.ts',
        from: "if (alert.status === 'resolved') {",
        to: "if (alert.status === 'resolved' || episode !== null) {",
      },
    ],
    seeds: 20,
  },
  {
    name: 'twin-is-new',
    defect: 'a late copy with another startsAt is a new episode, and is believed',
    edits: [
      {
        file: 'core/intake.ts',
        from: 'return alert.startsAt > endedAt && now - alert.startsAt <= maxAgeMs;',
        to: 'return alert.startsAt !== endedAt && now > maxAgeMs;',
      },
    ],
    seeds: 200,
  },
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
    seeds: 200,
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
    name: 'sent-before-it-was-sent',
    defect: 'the journal says that an escalation was delivered before it is',
    edits: [
      {
        file: 'engine/messenger.ts',
        from: 'const message = this.#message(scene, escalation);\n    try {',
        to: "const message = this.#message(scene, escalation);\n    await report({ key, kind: 'notified', channel, delivered: true, withdrawal, reason: 'delivered' });\n    try {",
      },
    ],
    seeds: 20,
  },
  {
    name: 'failed-delivery-counts',
    defect: 'an escalation that the receiver refused is not tried again',
    edits: [
      {
        file: 'core/evolve/escalation.ts',
        from: 'delivered: before.delivered || (body.delivered && !body.withdrawal),',
        to: 'delivered: before.delivered || !body.withdrawal,',
      },
    ],
    seeds: 100,
  },
  {
    name: 'attempts-untold',
    defect: 'an escalation does not say what was tried',
    edits: [
      { file: 'engine/escalationMessage.ts', from: 'attempts: incident.attempts,', to: 'attempts: [],' },
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
    seeds: 200,
  },
  {
    name: 'dependency-ignored',
    defect: 'a dependant is restarted while what it depends on is down',
    edits: [
      {
        file: 'core/guards/dependency.ts',
        from: 'return blocking === undefined',
        to: 'return blocking !== null',
      },
    ],
    seeds: 60,
  },
  {
    name: 'no-look-before-acting',
    defect: 'what got well by itself is restarted all the same',
    edits: [
      {
        file: 'core/decide/look.ts',
        from: "if (health.verdict === 'well' && symptom.verdict !== 'present') {",
        to: "if (health.verdict === 'well' && symptom.verdict !== 'present' && remaining !== null) {",
      },
    ],
    seeds: 20,
  },
  {
    name: 'no-soak',
    defect: 'the first good look is the proof',
    edits: [{ file: 'core/decide/watch.ts', from: 'if (soakedMs < soakMs) return;', to: '' }],
    seeds: 20,
  },
  {
    name: 'soak-survives-a-failure',
    defect: 'the soak goes on over a look that was bad',
    edits: [
      {
        file: 'core/evolve/observed.ts',
        from: "if (health.verdict !== 'well') return { ...state, phase: { ...phase, well: null, seen } };",
        to: "if (health.verdict !== 'well') return { ...state, phase: { ...phase, seen } };",
      },
      {
        file: 'core/evolve/observed.ts',
        from: 'phase.well.runs === runs ? phase.well',
        to: 'phase.well.at > 0 ? phase.well',
      },
    ],
    seeds: 100,
  },
  {
    name: 'symptom-not-asked',
    defect: 'well is enough: the alert may fire on',
    edits: [{ file: 'core/decide/watch.ts', from: "if (reported.verdict !== 'gone') return;", to: '' }],
    seeds: 60,
  },
  {
    name: 'protected-by-target-only',
    defect: 'the list of protected names is not looked at',
    edits: [
      {
        file: 'core/guards/protected.ts',
        from: 'if (target.protected || listed !== undefined) {',
        to: 'if (target.protected) {',
      },
      {
        file: 'core/guards/protected.ts',
        from: 'if (known.some((name) => settings.protectedNames.includes(name))) {',
        to: "if (instance.name === '') {",
      },
    ],
    seeds: 100,
  },
  {
    name: 'acts-unknown-to-itself',
    defect: 'an agent that cannot tell which container it is acts all the same',
    edits: [
      {
        file: 'core/guards/protected.ts',
        from: "if (self.kind === 'unknown' && target.runtime !== 'local') {",
        to: "if (self.kind === 'unknown' && target.runtime === 'local') {",
      },
    ],
    seeds: 60,
  },
  {
    name: 'maintenance-ignored',
    defect: 'what somebody works on is restarted all the same',
    edits: [{ file: 'core/guards/maintenance.ts', from: 'declared?.until ?? 0', to: '0' }],
    seeds: 120,
  },
  {
    name: 'recurring-maintenance-ignored',
    defect: 'a maintenance that comes again is not looked at',
    edits: [{ file: 'core/guards/maintenance.ts', from: 'recurring?.until ?? 0', to: '0' }],
    seeds: 200,
  },
  {
    name: 'set-mode-ignored',
    defect: 'a mode that somebody set at run time is not looked at',
    edits: [{ file: 'core/guards/mode.ts', from: 'fleet.modeOf(target.name),', to: "'auto'," }],
    seeds: 120,
  },
  {
    name: 'mode-of-target-ignored',
    defect: 'the mode of a target is not looked at',
    edits: [{ file: 'core/guards/mode.ts', from: '    target.mode,\n', to: '' }],
    seeds: 60,
  },
  {
    name: 'approval-is-a-pass',
    defect: 'once approved no guard is asked any more',
    edits: [
      {
        file: 'core/decide/act.ts',
        from: 'index, answers });\n  const answer = strictest(answers);',
        to: 'index, answers });\n  const answer = strictest(phase.approved ? [] : answers);',
      },
    ],
    seeds: 200,
  },
  {
    name: 'grace-ignored',
    defect: 'what somebody deployed a moment ago is restarted',
    edits: [{ file: 'core/guards/grace.ts', from: 'return until <= now', to: 'return until <= now + 1e9' }],
    seeds: 60,
  },
  {
    name: 'person-overruled',
    defect: 'what a person stopped is started again',
    edits: [
      { file: 'core/guards/stopped.ts', from: 'return held === undefined', to: 'return held !== null' },
      {
        file: 'core/decide/act.ts',
        from: '(instance) => context.fleet.heldByPerson(target.name, instance) !== null',
        to: '() => false',
      },
    ],
    seeds: 100,
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
  {
    name: 'all-instances-at-once',
    defect: 'the next instance is restarted before the last one is in order again',
    edits: [
      {
        file: 'core/decide/watch.ts',
        from: "if (instance !== undefined && judgeInstance(instance).verdict === 'well') {",
        to: 'if (instance !== undefined) {',
      },
    ],
    seeds: 200,
  },
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
    seeds: 400,
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
        from: 'for (const entry of entries) memory.apply(entry);',
        to: "for (const entry of entries) memory.apply(entry.body.type === 'analysis-ended' ? { ...entry, body: { ...entry.body, day: { startsAt: 0, tokens: 0, costUsd: 0 } } } : entry);",
      },
    ],
    seeds: 200,
  },
];
