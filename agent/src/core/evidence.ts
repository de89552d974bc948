/** What a piece of evidence is. */
export type EvidenceKind =
  | 'logs'
  | 'inspect'
  | 'health-log'
  | 'stats'
  | 'metrics'
  /** What the runtime did to the instance lately. */
  | 'events'
  /** What is different from when it was last well: image, configuration. */
  | 'changes'
  /** The target's last incidents, and what worked then. */
  | 'history';

/** One piece of evidence, kept before anything is touched. Bounded by whoever collects it. */
export type EvidencePiece = {
  readonly kind: EvidenceKind;
  /** The instance it is about, or the whole target where empty. */
  readonly instance: string;
  readonly text: string;
  /** Whether the source held more than `text`. */
  readonly truncated: boolean;
  /** Of logs: on which side of the failure they lie; absent where that cannot be told. */
  readonly side?: 'before' | 'after';
  /** Of logs: all of it was written by runs before the last one; absent where that is not so, or cannot be told. */
  readonly run?: 'earlier';
};

/** A piece of evidence with its place in the incident: what is cited. */
export type EvidenceItem = EvidencePiece & {
  /** `E1`, `E2`, ... in the order in which they came; a line of it is cited as `E1:17`. */
  readonly id: string;
};
