/** When a line says that it was written. */
export type LineTime = {
  /** Milliseconds since the epoch; without a zone it is read as UTC, and compared only within the same log. */
  readonly at: number;
  readonly hasZone: boolean;
};

/** A time stands at the beginning of a line; one further in it is most often what the line is about. */
const HEAD = 40;
/** Lines of JSON name their time wherever they like; so far in it is looked for. */
const JSON_HEAD = 400;

const WRITTEN =
  /(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|UTC|[+-]\d\d:?\d\d))?/;
const JSON_NUMBER = /"(?:time|ts|timestamp|t)" ?: ?(\d{13}|\d{10}(?:\.\d{1,9})?)\b/;
const JSON_TEXT = /"(?:time|ts|timestamp|@timestamp|t)" ?: ?"([^"]{19,40})"/;

/** The time that a line of a log begins with, or names in JSON; `null` where it has none. */
export function timeOf(line: string): LineTime | null {
  if (!line.startsWith('{')) return written(line.slice(0, HEAD));
  const head = line.slice(0, JSON_HEAD);
  const [, number] = JSON_NUMBER.exec(head) ?? [];
  if (number !== undefined) {
    const value = Number(number);
    const isSeconds = number.length === 10 || number.includes('.');
    return { at: isSeconds ? Math.round(value * 1_000) : value, hasZone: true };
  }
  const [, text] = JSON_TEXT.exec(head) ?? [];
  return text === undefined ? null : written(text);
}

function written(text: string): LineTime | null {
  const found = WRITTEN.exec(text);
  if (found === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', zone] = found;
  const at = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  );
  return { at: at - offsetMs(zone), hasZone: zone !== undefined };
}

function offsetMs(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '') ?? [];
  const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -ahead : ahead;
}
