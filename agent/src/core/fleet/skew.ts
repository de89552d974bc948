/** How far the clocks of the agent and of a runtime's host may be apart without a mix-up, milliseconds. */
export const SKEW_MS = 500;
