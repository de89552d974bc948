import type { EntryBody } from './entry.ts';

/** An entry as it is told: its type, and the sentence that `describeEntry` or `sayEntry` made of it. */
export type Said = { readonly type: EntryBody['type'] | (string & {}); readonly text: string };

/**
 * Whether an entry says in other words what the one right before it, of the same incident, has said already: an incident
 * is opened by its first signal, and the end of an action is mostly that of its step. Both are in the journal; a reader
 * is told it once.
 */
export function isSaidBefore({ type, text }: Said, before: Said | undefined): boolean {
  if (before === undefined) return false;
  switch (type) {
    case 'signal-heard':
      return (
        before.type === 'incident-opened' && text === before.text.replace(/incident \S+ opened: /, 'heard: ')
      );
    case 'step-ended':
      return text === before.text;
    default:
      return false;
  }
}
