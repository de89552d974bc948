import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from '../counts.ts';
import { bars, lines, states } from '../panels.ts';
import { TARGET } from './selectors.ts';

/** Which targets and probes fail. */
export function failing() {
  return [
    new RowBuilder('What is failing'),
    states({
      title: 'Targets',
      about: 'Each target as it was last looked at.',
      queries: [[`min by (target) (mpa_target_well{${TARGET}})`, '{{target}}']],
      words: { 0: ['unwell', 'red'], 1: ['well', 'green'] },
    }),
    states({
      title: 'Probes',
      about: 'Each probe as it was last made.',
      queries: [[`min by (target, probe) (mpa_probe_success{${TARGET}})`, '{{target}} {{probe}}']],
      words: { 0: ['failed', 'red'], 1: ['passed', 'green'] },
    }),
    bars({
      title: 'Incidents opened',
      about: 'By target.',
      queries: [[rise('mpa_incidents_opened_total', { by: ['target'], where: TARGET }), '{{target}}']],
    }),
    lines({
      title: 'How long probes take',
      about: 'A target that is about to fail is often slow first.',
      queries: [[`max by (target, probe) (mpa_probe_duration_seconds{${TARGET}})`, '{{target}} {{probe}}']],
      unit: 's',
      min: 0,
    }),
  ];
}
