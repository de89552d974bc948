import type { Mutant } from './mutant.ts';

/** What a person is told, and whether it came. */
export const ESCALATION: readonly Mutant[] = [
  {
    name: 'sent-before-it-was-sent',
    defect: 'the journal says that an escalation was delivered before it is',
    edits: [
      {
        file: 'engine/messenger.ts',
        from: 'said = await this.#tell(effect, now(), signal);',
        to: "const sent = { key: effect.key, kind: 'notified', channel: effect.channel, withdrawal: effect.withdrawal, delivered: true, reason: 'delivered' } as const;\n        await report(sent);\n        said = await this.#tell(effect, now(), signal);",
      },
    ],
    seeds: 20,
  },
  {
    name: 'failed-delivery-counts',
    defect: 'an escalation that the receiver refused is not tried again',
    edits: [
      {
        file: 'core/evolve/escalation.ts',
        from: 'delivered: before.delivered || (body.delivered && !body.withdrawal),',
        to: 'delivered: before.delivered || !body.withdrawal,',
      },
    ],
    seeds: 100,
  },
  {
    name: 'attempts-untold',
    defect: 'an escalation does not say what was tried',
    edits: [
      { file: 'engine/escalationMessage.ts', from: 'attempts: incident.attempts,', to: 'attempts: [],' },
    ],
    seeds: 20,
  },
];
