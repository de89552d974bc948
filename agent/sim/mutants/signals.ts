import type { Mutant } from './mutant.ts';

/** What a signal means, and whether it is the first of its kind. */
export const SIGNALS: readonly Mutant[] = [
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
];
