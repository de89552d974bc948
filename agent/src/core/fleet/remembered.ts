/** How long anything is remembered beyond the guards' own windows, milliseconds. */
export const FLEET_MEMORY_MS = 3_600_000;
