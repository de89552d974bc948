import type { Entry } from '../../src/core/entry.ts';
import { strictestMode } from '../../src/core/settings.ts';
import { Controls } from '../world/controls.ts';
import type { IncidentNote, Ledger } from '../world/ledger.ts';
import type { MakeChecker } from './checker.ts';

/** A reload reaches a decision at once, but not what was decided before it; milliseconds. */
const SLACK_MS = 30_000;

/** `off` and `observe` touch nothing; `approve` touches what a person approved, and an approval is for one step. */
export const mode: MakeChecker = ({ cluster, ledger, settings, time }, complain) => {
  const controls = new Controls();
  const approvals = new Approvals(ledger);
  return {
    name: 'the mode is obeyed',
    called({ what, service, container, note }) {
      const { current, since } = settings();
      if (since > 0 && time.now - since < SLACK_MS) return;
      const plan = note === null ? 'auto' : (ledger.incidents.get(note.incident)?.mode ?? 'auto');
      const strict = strictestMode(current.mode, cluster.service(service).spec.mode, plan);
      if (strict === 'off' || strict === 'observe')
        complain(`${what} of ${container}, whose mode is ${strict}`);
      if (strict === 'approve' && (note === null || !approvals.has(note.incident, note.plan, note.index)))
        complain(`${what} of ${container} that nobody approved`);
    },
    written(entry) {
      controls.written(entry);
      approvals.written(entry);
      const { target, incident, body } = entry;
      if (body.type !== 'mutation-started' || target === null || incident === null) return;
      const set = controls.modeOf(target);
      if (set === 'off' || set === 'observe')
        complain(`${body.action} of ${body.instance} is decided, and somebody set its mode to ${set}`);
      const plans = ledger.incidents.get(incident)?.plans ?? 0;
      if (set === 'approve' && !approvals.has(incident, plans, body.index))
        complain(`${body.action} of ${body.instance} is decided, and nobody approved it`);
    },
  };
};

/** Which steps people gave leave for. */
class Approvals {
  readonly #ledger: Ledger;
  /** The step that each incident asks for. */
  readonly #asked = new Map<string, string>();
  readonly #given = new Set<string>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  written({ incident, body }: Entry): void {
    const note = incident === null ? undefined : this.#ledger.incidents.get(incident);
    if (note === undefined) return;
    if (body.type === 'approval-asked') this.#asked.set(note.id, keyOf(note, body.index));
    if (body.type !== 'person-said' || body.command !== 'approve') return;
    const asked = this.#asked.get(note.id);
    if (asked !== undefined) this.#given.add(asked);
  }

  has(incident: string, plan: number, index: number): boolean {
    return this.#given.has(`${incident}/${plan}/${index}`);
  }
}

function keyOf({ id, plans }: IncidentNote, index: number): string {
  return `${id}/${plans}/${index}`;
}
