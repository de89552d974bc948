import type { Step } from '../../src/core/strategy.ts';
import type { Mode } from '../../src/core/target.ts';
import type { MakeChecker } from './checker.ts';

/** From the loosest to the strictest. */
const MODES: readonly Mode[] = ['auto', 'approve', 'observe', 'off'];

type Course = { readonly mode: Mode; readonly steps: readonly Step[] };

/**
 * Advice can only lower autonomy, whoever gives it: what acts is a beginning of what was planned, after no shorter
 * waits, under no looser mode, and nothing is called that the plan in force does not hold.
 */
export const tempered: MakeChecker = (_watched, complain) => {
  const courses = new Map<string, Course>();
  return {
    name: 'advice makes nothing bolder',
    written({ incident, body }) {
      if (incident === null) return;
      if (body.type === 'strategy-chosen') courses.set(incident, { mode: body.mode, steps: body.steps });
      if (body.type !== 'plan-tempered') return;
      const before = courses.get(incident);
      const said = before === undefined ? 'there was no plan' : boldness(before, body, body.index);
      if (said !== null) complain(`advice of the ${body.from} to ${incident}: ${said}`);
      courses.set(incident, { mode: body.mode, steps: body.steps });
    },
    called({ what, container, note }) {
      if (note === null) return;
      const step = courses.get(note.incident)?.steps[note.index];
      if (step?.kind !== 'mutating' || step.action !== what)
        complain(`${what} of ${container}, which is no step of the plan of ${note.incident} as it stands`);
    },
  };
};

/** What a plan does that the one before it did not; null: nothing. */
function boldness(before: Course, after: Course, index: number): string | null {
  if (MODES.indexOf(after.mode) < MODES.indexOf(before.mode))
    return `the mode went from ${before.mode} to ${after.mode}`;
  if (same(before.steps.slice(0, index), after.steps.slice(0, index)) === false)
    return 'what had begun was changed';
  const planned = deeds(before.steps.slice(index));
  for (const [at, { step, waitMs }] of deeds(after.steps.slice(index)).entries()) {
    const was = planned[at];
    if (was === undefined || !isStill(was.step, step)) return `${step.action} was not planned there`;
    if (waitMs < was.waitMs) return `it waits ${waitMs} ms before ${step.action}, and not ${was.waitMs} ms`;
  }
  return null;
}

function deeds(steps: readonly Step[]): readonly { readonly step: Step; readonly waitMs: number }[] {
  const found: { readonly step: Step; readonly waitMs: number }[] = [];
  let waitMs = 0;
  for (const step of steps) {
    if (step.kind === 'escalating') break;
    if (step.kind === 'waiting') waitMs += Number(step.parameters['durationMs'] ?? 0);
    if (step.kind !== 'mutating') continue;
    found.push({ step, waitMs });
    waitMs = 0;
  }
  return found;
}

function isStill(planned: Step, step: Step): boolean {
  return (
    step.action === planned.action &&
    same(step.parameters, planned.parameters) &&
    step.timeoutMs <= planned.timeoutMs &&
    (planned.onFailure === 'next' || step.onFailure === 'stop')
  );
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
