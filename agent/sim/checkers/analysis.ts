import { jumpOf } from '../plan/times.ts';
import { wasAtWork } from './atWork.ts';
import type { MakeChecker } from './checker.ts';

/** Beyond its deadline: the alarm behind it, a slow commit, and the turn of others; milliseconds. */
const SLACK_MS = 6_000;
/** At the end of a world no analysis is this old, milliseconds. */
const FORGOTTEN_MS = 900_000;

type Open = {
  readonly at: number;
  waits: boolean;
  readonly tokens: number;
  readonly lostMs: number;
};

/** An analyst holds up nothing beyond its deadline, and no more is granted to it than the day has left, whatever it does. */
export const analysis: MakeChecker = ({ plan, settings, time, lostMs }, complain) => {
  const open = new Map<string, Open>();
  let spent = 0;
  const disturbed = ({ at, lostMs: before }: Open) =>
    lostMs() > before ||
    wasAtWork(plan, 'disk', at - SLACK_MS, time.now) ||
    plan.happenings.some((each) => jumpOf(each) !== 0 && each.at >= at - 1_000 && each.at <= time.now);
  return {
    name: 'an analysis has its limits',
    written({ incident, body }) {
      if (incident === null) return;
      if (body.type === 'quarantined') open.delete(incident);
      const before = open.get(incident);
      // What a person orders waits for nobody's advice.
      if (body.type === 'person-said' && body.command === 'recover' && before !== undefined)
        before.waits = false;
      if (body.type === 'analysis-started') {
        const granted = [...open.values()].reduce((sum, { tokens }) => sum + tokens, body.budget.tokens);
        const limit = settings().current.analysis?.perDay.tokens ?? 0;
        if (spent + granted > limit)
          complain(`${incident} may spend what makes ${spent + granted} tokens on a day of ${limit}`);
        const { tokens } = body.budget;
        open.set(incident, { at: time.now, waits: body.waits, tokens, lostMs: lostMs() });
      }
      if (body.type !== 'analysis-ended') return;
      spent += body.charged.tokens;
      const began = open.get(incident);
      open.delete(incident);
      if (began === undefined || disturbed(began)) return;
      const tookMs = time.now - began.at;
      if (tookMs > plan.mind.timeoutMs + SLACK_MS) complain(`${incident} was analysed for ${tookMs} ms`);
    },
    called({ what, container, note }) {
      const began = note === null ? undefined : open.get(note.incident);
      if (began?.waits === true) complain(`${what} of ${container}, which was to wait for the analyst`);
    },
    atEnd() {
      for (const [incident, { at }] of open) {
        const forMs = time.now - at;
        if (forMs > FORGOTTEN_MS) complain(`${incident} is analysed for ${forMs} ms`);
      }
    },
  };
};
