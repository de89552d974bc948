/** Returns that a fit needs: the baseline's window. */
export const RETURNS_MIN = 250;
/** The newest days on which a new version is tried out of sample. */
export const EVALUATION_DAYS = 500;
/** Days of the record that are kept: the window of the rolling coverage and skill. */
export const RECORD_DAYS = 250;
/** Steps that a forecast is worked out for. */
export const HORIZON_MAX = 20;
