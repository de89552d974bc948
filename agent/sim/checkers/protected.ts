import type { MakeChecker } from './checker.ts';

/** 1. No mutating effect ever reaches the agent itself or a protected target, nor anything while it cannot tell who it is. */
export const protectedTargets: MakeChecker = ({ plan, cluster }, complain) => ({
  name: 'protected targets are never touched',
  called({ what, service, container }) {
    const { guarded } = cluster.service(service).spec;
    if (guarded !== 'no') complain(`${what} of ${container}, which is protected (${guarded})`);
    if (plan.self === 'unknown')
      complain(`${what} of ${container} by an agent that cannot tell which container it is`);
  },
});
