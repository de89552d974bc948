import { strictestMode } from '../../src/core/settings.ts';
import { Controls } from '../world/controls.ts';
import type { MakeChecker } from './checker.ts';

/** A reload reaches a decision at once, but not what was decided before it; milliseconds. */
const SLACK_MS = 30_000;

/** `off` and `observe` touch nothing; `approve` touches what a person approved. */
export const mode: MakeChecker = ({ cluster, ledger, settings, time }, complain) => {
  const controls = new Controls();
  return {
    name: 'the mode is obeyed',
    called({ what, service, container, note }) {
      const { current, since } = settings();
      if (since > 0 && time.now - since < SLACK_MS) return;
      const plan = note === null ? 'auto' : (ledger.incidents.get(note.incident)?.mode ?? 'auto');
      const strict = strictestMode(current.mode, cluster.service(service).spec.mode, plan);
      if (strict === 'off' || strict === 'observe')
        complain(`${what} of ${container}, whose mode is ${strict}`);
      const approvedAt = note === null ? null : (ledger.incidents.get(note.incident)?.approvedAt ?? null);
      if (strict === 'approve' && approvedAt === null)
        complain(`${what} of ${container} that nobody approved`);
    },
    written(entry) {
      controls.written(entry);
      const { target, incident, body } = entry;
      if (body.type !== 'mutation-started' || target === null || incident === null) return;
      const set = controls.modeOf(target);
      if (set === 'off' || set === 'observe')
        complain(`${body.action} of ${body.instance} is decided, and somebody set its mode to ${set}`);
      if (set === 'approve' && (ledger.incidents.get(incident)?.approvedAt ?? null) === null)
        complain(`${body.action} of ${body.instance} is decided, and nobody approved it`);
    },
  };
};
