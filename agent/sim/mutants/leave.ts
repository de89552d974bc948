import type { Mutant } from './mutant.ts';

/** Who may be touched, and when. */
export const LEAVE: readonly Mutant[] = [
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
    name: 'reload-unheard',
    defect: 'what left the configuration is still acted on',
    edits: [
      {
        file: 'engine/census.ts',
        from: 'if (this.#merged?.configured !== configured) {',
        to: 'if (this.#merged === null) {',
      },
    ],
    seeds: 400,
  },
  {
    name: 'approval-for-all-steps',
    defect: 'who approved one step approved those after it',
    edits: [
      { file: 'core/guards/mode.ts', from: 'return approved\n', to: 'return approved || incident.mutated\n' },
    ],
    seeds: 400,
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
    edits: [{ file: 'core/guards/mode.ts', from: ', fleet.modeOf(target.name));', to: ');' }],
    seeds: 120,
  },
  {
    name: 'mode-of-target-ignored',
    defect: 'the mode of a target is not looked at',
    edits: [{ file: 'core/guards/mode.ts', from: 'settings.mode, target.mode, ', to: 'settings.mode, ' }],
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
    name: 'own-call-hides-a-stop',
    defect:
      'whoever stops a container while a call of the agent is under way, or just after, is taken for that call',
    edits: [
      {
        file: 'core/fleet/acts.ts',
        from: 'act?.stops === true && (act.startedAt === null || at <= act.startedAt)',
        to: 'act !== undefined',
      },
    ],
    seeds: 200,
  },
  {
    name: 'paused-is-down',
    defect: 'what a person paused is restarted like what hangs',
    edits: [
      {
        file: 'core/fleet/heldByPeople.ts',
        from: "if (instance.status === 'paused') return 'paused';",
        to: "if (instance.status === 'paused') return null;",
      },
    ],
    seeds: 200,
  },
  {
    name: 'condition-ignored',
    defect: 'a step is done whether or not its condition holds',
    edits: [
      { file: 'core/conditions.ts', from: 'if (onlyIf.length === 0 ||', to: 'if (onlyIf.length >= 0 ||' },
    ],
    seeds: 100,
  },
];
