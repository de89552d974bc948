/** The targets that the dashboard is set to. */
export const TARGET = 'target=~"$target"';
/** The agent's own process. */
export const AGENT = 'job="market-programmer-agent"';
