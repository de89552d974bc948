import type { MakeChecker } from './checker.ts';
import { reaches } from './dependency.ts';

/** 5. Services that depend on each other do not wait for each other until a person is called. */
export const cycle: MakeChecker = ({ ledger, plan }, complain) => {
  const dependsOn = new Map(plan.services.map((spec) => [spec.name, spec.dependsOn]));
  return {
    name: 'a cycle does not deadlock',
    written({ incident, target, body }) {
      if (body.type !== 'escalated' || body.code !== 'deadline' || target === null) return;
      if (ledger.incidents.get(incident ?? '')?.held.includes('root first') !== true) return;
      // Where one on the way round goes on, the others wait for it rightly.
      const waitsFor = new Map(
        [...dependsOn].map(([name, roots]) => [
          name,
          ledger.openOf(name)?.held.includes('root first') === true ? roots : [],
        ]),
      );
      for (const root of dependsOn.get(target) ?? []) {
        if (reaches(root, target, waitsFor))
          complain(`${target} and ${root} waited for each other until the deadline of ${incident}`);
      }
    },
  };
};
