import type { MakeChecker } from './checker.ts';

/** 9. A resolved alert never causes a mutating effect. */
export const resolvedIsHarmless: MakeChecker = ({ ledger }, complain) => ({
  name: 'a resolved alert touches nothing',
  called({ what, container, note }) {
    const signals = note === null ? [] : (ledger.incidents.get(note.incident)?.signals ?? []);
    if (signals.length === 0) return;
    const fired = signals.some(
      (signal) => signal.source !== 'alertmanager' || signal.alert.status === 'firing',
    );
    if (!fired)
      complain(`${what} of ${container} by ${note?.incident}, which heard of resolved alerts alone`);
  },
});
