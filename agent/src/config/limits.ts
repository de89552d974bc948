/** Most targets and strategies of one configuration, and most steps of one strategy. */
export const TARGETS_MAX = 2_000;
export const STRATEGIES_MAX = 500;
export const STEPS_MAX = 50;
/** Longest configuration file, bytes. */
export const FILE_BYTES_MAX = 1_048_576;
/** Longest secret file, bytes. */
export const SECRET_BYTES_MAX = 65_536;
