import type { Call, MakeChecker } from './checker.ts';

const SLACK_MS = 8_000;

/** 4. No more of the fleet is mutated at once, or per window, than the blast-radius guard allows. */
export const blastRadius: MakeChecker = ({ ledger, settings, plan, time }, complain) => {
  let calls: Call[] = [];
  return {
    name: 'the blast radius holds',
    called(call) {
      const { concurrent, fraction, windowMs } = settings().current.guards.blastRadius;
      // Right after a reload the limits of before may have been asked.
      const settled = settings().since === 0 || time.now - settings().since > windowMs;
      calls = calls.filter(({ at }) => time.now - at < windowMs - SLACK_MS);
      calls.push(call);
      if (!settled) return;
      const under = new Set(calls.filter(({ overAt }) => overAt === null).map(({ service }) => service));
      if (under.size > concurrent) {
        complain(
          `${under.size} targets are being mutated at once (${[...under].join(', ')}); ${concurrent} may be`,
        );
      }
      const allowed = Math.max(1, Math.floor(plan.services.length * fraction));
      const touched = new Set(calls.map(({ service }) => service));
      if (touched.size > allowed && !ledger.hasHiddenJump(time.now - windowMs)) {
        complain(
          `${touched.size} of ${plan.services.length} targets were mutated in ${windowMs} ms (${[...touched].join(', ')}); ${allowed} may be`,
        );
      }
    },
  };
};
