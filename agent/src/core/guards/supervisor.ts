import { clockTime } from '../words.ts';
import type { Guard } from './guard.ts';

/** Where the runtime itself brings back what exits, it is given the first chance; two supervisors restart twice. */
export const supervisorGuard: Guard = ({ instances, now, limits, incident }) => {
  const { patienceMs } = limits.supervisor;
  const down = instances.find(
    ({ supervised, status }) => supervised && (status === 'exited' || status === 'restarting'),
  );
  if (down === undefined)
    return { guard: 'supervisor', verdict: 'allow', reason: 'no restart policy is at work' };
  const until = incident.openedAt + patienceMs;
  return now >= until
    ? { guard: 'supervisor', verdict: 'allow', reason: `the restart policy did not bring ${down.name} back` }
    : {
        guard: 'supervisor',
        verdict: 'delay',
        until,
        reason: `the restart policy of ${down.name} is given until ${clockTime(until)} to bring it back`,
      };
};
