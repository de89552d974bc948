import type { MakeChecker } from './checker.ts';

/** Time for the first attempts of a delivery, and for the retries after a receiver was down; milliseconds. */
const SLACK_MS = 1_200_000;

/** 8. An escalation is delivered at least once, and says everything that was tried. */
export const delivery: MakeChecker = ({ ledger, time }, complain) => {
  const delivered = new Set<string>();
  const tried = new Map<string, Set<string>>();
  return {
    name: 'an escalation reaches a person, with all that was tried',
    called({ container, note }) {
      if (note === null) return;
      const known = tried.get(note.incident) ?? new Set();
      known.add(container);
      tried.set(note.incident, known);
    },
    delivered(channel, message) {
      delivered.add(`${message.incident} ${message.number} ${channel}`);
      // Who is asked for an approval is told what is wanted, and what comes of it is told if it comes to an escalation.
      if (message.code === 'approval-wanted') return;
      for (const container of tried.get(message.incident) ?? []) {
        if (!message.attempts.some(({ instance }) => instance === container)) {
          complain(`the escalation of ${message.incident} does not say that ${container} was touched`);
        }
      }
    },
    written({ incident, body }) {
      if (body.type !== 'notified' || !body.delivered || body.withdrawal) return;
      if (body.reason === 'the channel is no longer configured') return;
      if (!delivered.has(`${incident} ${body.escalation} ${body.channel}`)) {
        complain(
          `the journal says that ${body.channel} has the escalation of ${incident}, which was never delivered`,
        );
      }
    },
    atEnd() {
      for (const { id, escalations, withPersonSince } of ledger.incidents.values()) {
        const last = escalations.at(-1);
        if (last === undefined || time.now - last.at < SLACK_MS) continue;
        // Who ordered another recovery meanwhile knows of it, and what they are told is what becomes of that.
        if (withPersonSince === null || withPersonSince > last.at) continue;
        for (const channel of last.channels) {
          if (!delivered.has(`${id} ${last.number} ${channel}`)) {
            complain(`the escalation of ${id} never reached ${channel} in ${time.now - last.at} ms`);
          }
        }
      }
    },
  };
};
