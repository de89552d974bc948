import type { MakeChecker } from './checker.ts';
import { reaches } from './dependency.ts';

/** 5. Services that depend on each other do not wait for each other until a person is called. */
export const cycle: MakeChecker = ({ ledger, plan }, complain) => {
  const dependsOn = new Map(plan.services.map((spec) => [spec.name, spec.dependsOn]));
  return {
    name: 'a cycle does not deadlock',
    written({ incident, target, body }) {
      if (body.type !== 'escalated' || body.code !== 'deadline' || target === null) return;
      for (const root of dependsOn.get(target) ?? []) {
        const other = ledger.openOf(root);
        if (other === null || !reaches(root, target, dependsOn)) continue;
        const mutual = [ledger.incidents.get(incident ?? ''), other].every((note) =>
          note?.held.includes('root first'),
        );
        if (mutual) complain(`${target} and ${root} waited for each other until the deadline of ${incident}`);
      }
    },
  };
};
