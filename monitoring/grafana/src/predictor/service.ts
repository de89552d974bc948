import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { rise } from '../counts.ts';
import { bars, lines, logs } from '../panels.ts';
import { PREDICTOR } from './selectors.ts';

/** The process, and its log. */
export function service() {
  return [
    new RowBuilder('The service'),
    lines({
      title: 'Memory',
      about: 'It is restarted before the OOM killer ends it.',
      queries: [
        [`max(process_resident_memory_bytes{${PREDICTOR}})`, 'resident'],
        [`max(nodejs_heap_size_used_bytes{${PREDICTOR}})`, 'heap in use'],
      ],
      unit: 'bytes',
      min: 0,
    }),
    lines({
      title: 'Event loop',
      about: 'How late the loop turns; a fit runs in a thread of its own and does not hold it up.',
      queries: [
        [`max(nodejs_eventloop_lag_p99_seconds{${PREDICTOR}})`, '99 %'],
        [`max(nodejs_eventloop_lag_max_seconds{${PREDICTOR}})`, 'longest'],
      ],
      unit: 's',
      min: 0,
    }),
    bars({
      title: 'Faults switched on',
      about: 'By kind.',
      queries: [['max by (kind) (predictor_fault_active)', '{{kind}}']],
    }),
    bars({
      title: 'Store errors',
      about: 'By the code of the problem.',
      queries: [[rise('predictor_store_errors_total', { by: ['code'] }), '{{code}}']],
    }),
    logs({
      title: 'Log: warnings and errors',
      about: 'Of the predictor, from Loki; also of containers that are gone.',
      expr: '{compose_service="market-predictor"} | json | level >= 40',
    }),
  ];
}
