import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from '../counts.ts';
import { bars, lines, states } from '../panels.ts';
import { TARGET } from './selectors.ts';

/** What was left undone, and which people were called or held it back. */
export function refused() {
  return [
    new RowBuilder('What was refused, and who was called'),
    bars({
      title: 'Guards that objected',
      about: 'Which rule delayed a mutating step, sent it to approval or refused it.',
      queries: [
        [
          rise('mpa_guard_answers_total', { by: ['guard', 'verdict'], where: 'verdict!="allow"' }),
          '{{guard}}: {{verdict}}',
        ],
      ],
    }),
    bars({
      title: 'Protective actions',
      about:
        'Refusals to act on the agent itself or on what it stands on. Each is a rule, a route or a strategy to mend.',
      queries: [[rise('mpa_protective_actions_total', { by: ['layer', 'reason'] }), '{{layer}}: {{reason}}']],
    }),
    bars({
      title: 'Escalations',
      about: 'Why a person was called.',
      queries: [[rise('mpa_escalations_total', { by: ['reason'] }), '{{reason}}']],
    }),
    lines({
      title: 'Handovers that are not over',
      about: 'Those that nobody has acknowledged are said again.',
      queries: [['sum by (acknowledged) (mpa_escalations_open)', 'acknowledged: {{acknowledged}}']],
      min: 0,
    }),
    bars({
      title: 'Deliveries of escalations',
      about: 'One that fails is tried again until it is delivered.',
      queries: [
        [rise('mpa_escalation_deliveries_total', { by: ['channel', 'result'] }), '{{channel}}: {{result}}'],
      ],
    }),
    states({
      title: 'Breakers',
      about: 'Open: the budget of repairs is spent, and nothing is done until a person says so.',
      queries: [[`max by (target) (mpa_breaker_open{${TARGET}})`, '{{target}}']],
      words: { 0: ['closed', 'green'], 1: ['open', 'red'] },
    }),
    bars({
      title: 'Breakers opened',
      about: 'By target.',
      queries: [[rise('mpa_breakers_opened_total', { by: ['target'], where: TARGET }), '{{target}}']],
    }),
    lines({
      title: 'Held back by people',
      about: 'Maintenance windows that are open, and modes that somebody has set.',
      queries: [
        ['sum by (origin) (mpa_maintenance_open)', 'maintenance: {{origin}}'],
        ['sum by (target, mode) (mpa_mode_set)', 'mode {{mode}}: {{target}}'],
      ],
      min: 0,
    }),
    bars({
      title: 'Signals refused or ignored',
      about: 'Refused: the sender’s message or token is wrong. Ignored: it starts nothing, by reason.',
      queries: [
        [rise('mpa_signals_refused_total', { by: ['reason'] }), 'refused: {{reason}}'],
        [rise('mpa_signals_ignored_total', { by: ['reason'] }), 'ignored: {{reason}}'],
      ],
    }),
  ];
}
