/** How many times faster than what ships the lab's stack looks, waits and forgets. */
export const FASTER = 5;

const UNITS_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const DURATION = '(\\d+)([smhd])';

/** The shipped Prometheus configuration with shorter intervals. */
export function shortenPrometheus(text: string): string {
  return replaceAll(text, ['scrape_interval', 'scrape_timeout', 'evaluation_interval', 'refresh_interval']);
}

/** The shipped Alertmanager configuration with shorter waits; `resolve_timeout` is nobody's wait here. */
export function shortenAlertmanager(text: string): string {
  return replaceAll(text, ['group_wait', 'group_interval', 'repeat_interval']);
}

/** Shipped rules, with all that is a time in them shortened. */
export function shortenRules(text: string): string {
  return (
    replaceAll(text, ['for'])
      .replaceAll(new RegExp(`\\[${DURATION}\\]`, 'g'), (_, count, unit) => `[${shorter(count, unit)}]`)
      .replaceAll(new RegExp(`offset ${DURATION}`, 'g'), (_, count, unit) => `offset ${shorter(count, unit)}`)
      // "Takes all of the scrape's time", and "within two minutes".
      .replaceAll(
        'scrape_duration_seconds{job="market-predictor"} >= 4.5',
        'scrape_duration_seconds{job="market-predictor"} >= 0.9',
      )
      .replaceAll('[12s], 120)', '[12s], 24)')
  );
}

function replaceAll(text: string, keys: readonly string[]): string {
  return keys.reduce((shortened, key) => {
    const setting = new RegExp(`\\b${key}: ${DURATION}\\b`, 'g');
    return shortened.replaceAll(setting, (_, count, unit) => `${key}: ${shorter(count, unit)}`);
  }, text);
}

function shorter(count: string, unit: string): string {
  const seconds = Number(count) * (UNITS_S[unit] ?? Number.NaN);
  return `${Math.round((seconds / FASTER) * 1_000)}ms`.replace(/000ms$/, 's');
}
