import { alertName, labelOf } from './alert.ts';
import type { Signal } from './signal.ts';

/** What was heard, as a part of a sentence: not yet safe to print, for some of its words come from outside. */
export function saySignal(signal: Signal): string {
  switch (signal.source) {
    case 'alertmanager': {
      const { labels, annotations, status } = signal.alert;
      const summary = labelOf(annotations, 'summary');
      return `alert ${alertName(labels)} ${status}${summary === '' ? '' : ` (${summary})`}`;
    }
    case 'probe':
      return `probe ${signal.probe} ${signal.state}: ${signal.reason}`;
    case 'runtime':
      return `${signal.instance} ${signal.event === 'oom' ? 'ran out of memory' : signal.event}: ${signal.reason}`;
    case 'person':
      return `${signal.who} asked for a recovery: ${signal.reason}`;
    default:
      return signal satisfies never;
  }
}
