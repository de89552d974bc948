import type { Mutant } from './mutant.ts';

/** When a target counts as well, and is looked at. */
export const PROOF: readonly Mutant[] = [
  {
    name: 'no-look-before-acting',
    defect: 'what got well by itself is restarted all the same',
    edits: [
      {
        file: 'core/decide/look.ts',
        from: "if (sound && symptom.verdict !== 'present') {",
        to: "if (sound && symptom.verdict !== 'present' && remaining !== null) {",
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
        from: 'if (!sound) return { ...state, phase: { ...phase, well: null, seen } };',
        to: 'if (!sound) return { ...state, phase: { ...phase, seen } };',
      },
      {
        file: 'core/evolve/observed.ts',
        from: 'phase.well.runs === runs ? phase.well',
        to: 'phase.well.at > 0 ? phase.well',
      },
    ],
    seeds: 500,
  },
  {
    name: 'health-check-not-awaited',
    defect: 'its own probe is enough: what its health check has yet to say is not waited for',
    edits: [
      {
        file: 'core/decide/watch.ts',
        from: "if (health.verdict !== 'well' || reported.verdict !== 'gone') {",
        to: "if (reported.verdict !== 'gone') {",
      },
    ],
    seeds: 100,
  },
  {
    name: 'starting-is-enough',
    defect: 'the soak begins with what is starting, though nothing was asked of it',
    edits: [
      {
        file: 'core/observation.ts',
        from: 'if (!runtime.ok || probes.length === 0 || unawaited.length > 0) return false;',
        to: 'if (!runtime.ok) return false;',
      },
    ],
    seeds: 100,
  },
  {
    name: 'symptom-not-asked',
    defect: 'well is enough: the alert may fire on',
    edits: [
      {
        file: 'core/decide/watch.ts',
        from: "if (health.verdict !== 'well' || reported.verdict !== 'gone') {",
        to: "if (health.verdict !== 'well') {",
      },
    ],
    seeds: 60,
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
];
