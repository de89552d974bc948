import type { Catch } from '../mutants/hunt.ts';
import type { Tally } from '../seeds.ts';

/** How many worlds: a number of seeds, or as many as fit into some seconds. */
export type Amount = { readonly seeds: number } | { readonly seconds: number };

/** What is run in a thread of its own. It is plain data, as is what comes of it. */
export type Task =
  | {
      readonly kind: 'worlds';
      readonly from: number;
      readonly amount: Amount;
      /** A defect to plant in them; null: none. */
      readonly mutant: string | null;
    }
  | { readonly kind: 'hunt'; readonly mutant: string };

/** What became of the worlds; the story of the first that failed, in its smallest form. */
export type Worlds = { readonly tally: Tally; readonly story: string | null };

export type Answer<T extends Task> = T extends { kind: 'worlds' } ? Worlds : Catch;

/** What the thread says: which seed it begins with, so that one that never ends can be named, and in the end its answer. */
export type Word =
  | { readonly kind: 'seed'; readonly seed: number }
  | { readonly kind: 'answer'; readonly answer: Worlds | Catch };
