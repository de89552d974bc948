import type { Happening, Plan } from './plan/plan.ts';
import { endOf } from './plan/times.ts';
import { type Outcome, runPlan } from './world/world.ts';

/** Worlds that shrinking may run at most. */
const TRIES_MAX = 200;

/**
 * Makes a failing plan as small as it can while the same checker still complains: fewer happenings, fewer services,
 * less time. What is left is a plan of its own, which fails the same way each time.
 */
export async function shrink(failure: Outcome): Promise<Outcome> {
  const { violation } = failure;
  if (violation === null) return failure;
  let best = failure;
  let tries = 0;
  const attempt = async (plan: Plan): Promise<boolean> => {
    if (tries >= TRIES_MAX) return false;
    tries += 1;
    const outcome = await runPlan(plan);
    if (outcome.violation?.checker !== violation.checker) return false;
    best = outcome;
    return true;
  };
  await attempt(withoutLater(best));
  for (let before = Number.POSITIVE_INFINITY; sizeOf(best.plan) < before; ) {
    before = sizeOf(best.plan);
    await dropHappenings(() => best.plan, attempt);
    await dropServices(() => best.plan, attempt);
    await shorten(() => best.plan, attempt);
    await simplify(() => best.plan, attempt);
    await attempt({ ...best.plan, mind: { ...best.plan.mind, rules: 'none' } });
    await attempt({ ...best.plan, mind: { ...best.plan.mind, analyst: 'none' } });
  }
  return best;
}

type Attempt = (plan: Plan) => Promise<boolean>;

function sizeOf({ happenings, services }: Plan): number {
  const instances = services.reduce((sum, each) => sum + each.instances + each.dependsOn.length, 0);
  return happenings.length * 10 + services.length * 10 + instances;
}

/** What happens after the failure has no part in it. */
function withoutLater({ plan, violation }: Outcome): Plan {
  const at = violation?.at ?? plan.endAt;
  return { ...plan, happenings: plan.happenings.filter((happening) => happening.at <= at) };
}

/** Leaves out half of what happens, a quarter, ... and in the end one by one. */
async function dropHappenings(current: () => Plan, attempt: Attempt): Promise<void> {
  for (
    let size = Math.ceil(current().happenings.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < current().happenings.length; ) {
      const { happenings } = current();
      const kept = [...happenings.slice(0, from), ...happenings.slice(from + size)];
      if (!(await attempt({ ...current(), happenings: kept }))) from += size;
    }
  }
}

async function dropServices(current: () => Plan, attempt: Attempt): Promise<void> {
  for (
    let size = Math.ceil(current().services.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < current().services.length && current().services.length > 1; ) {
      const gone = new Set(
        current()
          .services.slice(from, from + size)
          .map(({ name }) => name),
      );
      const services = current()
        .services.filter(({ name }) => !gone.has(name))
        .map((spec) => ({ ...spec, dependsOn: spec.dependsOn.filter((name) => !gone.has(name)) }));
      const happenings = current().happenings.filter(
        (happening) => !('service' in happening && gone.has(happening.service)),
      );
      if (services.length === 0 || !(await attempt({ ...current(), services, happenings }))) from += size;
    }
  }
}

/** Brings the end forward, and makes what lasts last shorter. */
async function shorten(current: () => Plan, attempt: Attempt): Promise<void> {
  for (let index = 0; index < current().happenings.length; index += 1) {
    const happening = current().happenings[index];
    if (happening === undefined || !('forMs' in happening) || happening.forMs < 2_000) continue;
    await attempt(replaced(current(), index, { ...happening, forMs: Math.round(happening.forMs / 2) }));
  }
  const { happenings, endAt, faultsEndAt } = current();
  const quietMs = endAt - faultsEndAt;
  const end = happenings.reduce((latest, happening) => Math.max(latest, endOf(happening)), 0);
  if (end < faultsEndAt) await attempt({ ...current(), faultsEndAt: end, endAt: end + quietMs });
}

/** Takes away what a service need not be. */
async function simplify(current: () => Plan, attempt: Attempt): Promise<void> {
  for (let index = 0; index < current().services.length; index += 1) {
    for (const simpler of [{ instances: 1 }, { dependsOn: [] }, { secondAlert: false }]) {
      const services = current().services.map((spec, at) => (at === index ? { ...spec, ...simpler } : spec));
      if (JSON.stringify(services) !== JSON.stringify(current().services))
        await attempt({ ...current(), services });
    }
  }
}

function replaced(plan: Plan, index: number, happening: Happening): Plan {
  return { ...plan, happenings: plan.happenings.map((each, at) => (at === index ? happening : each)) };
}
