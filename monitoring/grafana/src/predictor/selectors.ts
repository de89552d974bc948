/** The series that the dashboard is set to. */
export const SYMBOL = 'symbol=~"$symbol"';
/** The predictor's own process. */
export const PREDICTOR = 'job="market-predictor"';
/** What people and programs ask, without what watches the service. */
export const ASKED = 'route!~"/metrics|/-/ready"';
