import type { Happening, Plan } from './plan/plan.ts';
import { stamp } from './world/chronicle.ts';
import { type Outcome, runPlan } from './world/world.ts';

/** Lines of the course that a story shows at most: the last ones. */
const LINES_MAX = 70;

/** Tells a failing world: who there was, what was done to it, what it did, and what did not hold. */
export async function tell(outcome: Outcome): Promise<string> {
  const { plan, violation } = outcome;
  const told = await runPlan(plan, true);
  const course = told.story.slice(-LINES_MAX);
  const touched = new Set(
    plan.happenings.flatMap((happening) => ('service' in happening ? [happening.service] : [])),
  );
  const concerned = plan.services.filter(
    ({ name, dependsOn }) => touched.has(name) || dependsOn.some((other) => touched.has(other)),
  );
  return [
    `seed ${plan.seed}: ${violation?.checker ?? 'nothing'} does not hold`,
    `  ${violation?.sentence}`,
    `  at ${stamp(violation?.at ?? 0)} after the world began`,
    '',
    `the world: ${describeWorld(plan)}`,
    ...concerned.map((spec) => `  ${JSON.stringify(spec)}`),
    `  and ${plan.services.length - concerned.length} others to which nothing happens`,
    '',
    'what happens to it:',
    ...plan.happenings.map((happening) => `  ${stamp(happening.at)}  ${describe(happening)}`),
    '',
    `what came of it${told.story.length > course.length ? ` (the last ${course.length} of ${told.story.length} lines)` : ''}:`,
    ...course.map((line) => `  ${line}`),
    '',
    `again: npm run sim -- --seeds 1 --from ${plan.seed}`,
  ].join('\n');
}

function describeWorld({ services, settings, mind, symptomSource, self, people, endAt }: Plan): string {
  const asked = symptomSource ? 'Prometheus can be asked' : 'Prometheus cannot be asked';
  return `${services.length} services, ${asked}, the agent is ${self}, people: ${people}, ends at ${stamp(endAt)}; ${JSON.stringify(settings)}; ${JSON.stringify(mind)}`;
}

function describe(happening: Happening): string {
  const { at: _, kind, ...rest } = happening;
  return `${kind} ${JSON.stringify(rest)}`;
}
