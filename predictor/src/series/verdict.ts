/** Why a row was not kept. */
export interface Fault {
  readonly code:
    | 'bad-time'
    | 'in-the-future'
    | 'incomplete'
    | 'not-a-number'
    | 'not-positive'
    | 'high-below-low'
    | 'outside-range'
    | 'out-of-order'
    | 'duplicate'
    | 'conflict'
    | 'suspected-split'
    | 'after-suspected-split'
    | 'implausible-jump'
    | 'after-implausible-jump';
  /** In a sentence, with the values. */
  readonly detail: string;
}

/** What became of a row. `row` counts the rows of data from 1 in the order in which they came. */
export type Verdict =
  | { readonly row: number; readonly verdict: 'kept' }
  /** Kept; what is odd about it is for a person to know. */
  | { readonly row: number; readonly verdict: 'kept-after-gap'; readonly detail: string }
  /** The same bar is in the series already. */
  | { readonly row: number; readonly verdict: 'known' }
  /** Stored in the place of another bar at its time, which was asked for. */
  | { readonly row: number; readonly verdict: 'replaced'; readonly detail: string }
  | { readonly row: number; readonly verdict: Fault['code']; readonly detail: string };

const TAKEN: readonly string[] = [
  'kept',
  'kept-after-gap',
  'known',
  'replaced',
] satisfies Verdict['verdict'][];

export function isRejection(verdict: Verdict): verdict is Verdict & { readonly detail: string } {
  return !TAKEN.includes(verdict.verdict);
}
