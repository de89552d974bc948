// What the engine needs from outside, and what the edges may ask of it: one port a file in `ports/`. Only types: nothing
// of it is there when the agent runs.
export type * from './ports/action.ts';
export type * from './ports/alertReader.ts';
export type * from './ports/analyst.ts';
export type * from './ports/clock.ts';
export type * from './ports/control.ts';
export type * from './ports/diagnoser.ts';
export type * from './ports/excerpt.ts';
export type * from './ports/journal.ts';
export type * from './ports/logSource.ts';
export type * from './ports/metricsSource.ts';
export type * from './ports/notifier.ts';
export type * from './ports/prober.ts';
export type * from './ports/runtime.ts';
export type * from './ports/selfFinder.ts';
export type * from './ports/symptomSource.ts';
export type * from './ports/telemetry.ts';
