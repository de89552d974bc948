/** Text of bounded length from a source that may hold more. */
export type Excerpt = {
  readonly text: string;
  /** Whether the source held more that fits the question. */
  readonly truncated: boolean;
};
