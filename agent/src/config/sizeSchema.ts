import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9 };
const FORM = 'a number with a unit (kB, MB, GB), such as 500MB or 2GB';

/** Bytes of a written size such as `500MB`; `null` when it is none. */
function parseSize(text: string): number | null {
  const match = /^(\d{1,9})(kB|MB|GB)$/.exec(text);
  return match === null ? null : Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN);
}

/** The shortest way to write a size of whole kilobytes. */
export function formatSize(sizeBytes: number): string {
  const [unit, bytes] = Object.entries(UNITS).findLast(([, each]) => sizeBytes % each === 0) ?? ['B', 1];
  return `${sizeBytes / bytes}${unit}`;
}

/** Schema of a written size; its output is bytes. */
export function sizeSchema(minBytes: number) {
  return z
    .string({ error: `must be a size: ${FORM}` })
    .meta({ pattern: '^\\d+(kB|MB|GB)$', examples: ['500MB', '2GB'] })
    .transform((text, context) => {
      const sizeBytes = parseSize(text);
      if (sizeBytes !== null && sizeBytes >= minBytes) return sizeBytes;
      const message =
        sizeBytes === null
          ? `is no size: ${JSON.stringify(text)}; write ${FORM}`
          : `is ${text}, less than ${formatSize(minBytes)}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
}
