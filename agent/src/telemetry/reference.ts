import { Counter, Gauge } from 'prom-client';
import { createInstruments } from './instruments.ts';

/** What the library adds by itself (`process_`, `nodejs_`) is documented by it. */
const OWN = /^mpa_/;

/** `docs/operations.md`: what is written by hand, with the table of metrics filled in. */
export function metricsPage(template: string): string {
  const rows = createInstruments()
    .registry.getMetricsAsArray()
    .filter(({ name }) => OWN.test(name))
    .map(
      (metric) =>
        `| \`${metric.name}\` | ${typeOf(metric)} | ${labelsOf(metric).join(', ')} | ${metric.help} |`,
    );
  const table = ['| metric | type | labels | meaning |', '|---|---|---|---|', ...rows].join('\n');
  return template.replace(
    /<!-- generated: metrics -->\n(?:[\s\S]*?)<!-- end -->/,
    () => `<!-- generated: metrics -->\n\n${table}\n\n<!-- end -->`,
  );
}

function typeOf(metric: object): string {
  if (metric instanceof Counter) return 'counter';
  return metric instanceof Gauge ? 'gauge' : 'histogram';
}

/** The library keeps them on the metric, and leaves them out of its types. */
function labelsOf(metric: object): readonly string[] {
  const names: unknown = Reflect.get(metric, 'labelNames');
  return Array.isArray(names) ? names.map((name) => `\`${name}\``) : [];
}
