/** How much a counter rose. */
export type Count = {
  /** Labels that are kept; none: one sum. */
  readonly by?: readonly string[];
  /** Matchers, as PromQL writes them: `target=~"$target"`. */
  readonly where?: string;
  /** How far back: by default as far as one bar is wide; `$__range`: over all that is shown. */
  readonly over?: '$__rate_interval' | '$__range';
};

/**
 * How much a counter rose, its first value included. A series with labels begins when it first happens, so that
 * `increase` alone sees nothing of a first repair: what was not there at the beginning counts as a whole. After a time
 * in which nothing was scraped, what happened before it is therefore shown once more.
 */
export function rise(
  counter: string,
  { by = [], where = '', over = '$__rate_interval' }: Count = {},
): string {
  const series = where === '' ? counter : `${counter}{${where}}`;
  const sum = by.length === 0 ? 'sum' : `sum by (${by.join(', ')}) `;
  return `${sum}((${series} unless ${series} offset ${over}) or increase(${series}[${over}]))`;
}
