/** How an incident ended. An escalated one ends later, by its person or when the target is seen well. */
export type Outcome =
  | 'recovered'
  | 'self-resolved'
  | 'suppressed'
  | 'superseded'
  | 'closed-by-person'
  | 'expired';
