import { performance } from 'node:perf_hooks';
import { shippedPatterns } from '../agent/src/config/shippedPatterns.ts';
import type { EvidenceItem } from '../agent/src/core/evidence.ts';
import { Redactor } from '../agent/src/diagnosis/redaction/redactor.ts';
import { RuleDiagnoser } from '../agent/src/diagnosis/ruleDiagnoser.ts';

/** As many lines of a log as are looked at. */
const LINES = 5_000;
const TURNS = 20;
/** Lines without a time are read only near the end of a log. */
const TIME = '2026-01-10T10:11:12Z';

type Log = { readonly what: string; readonly lines: readonly string[] };

const calm: readonly ((n: number) => string)[] = [
  (n) => `2026-01-10T10:11:12.${n % 1_000}Z INFO GET /api/v1/items/${n} 200 ${n % 300}ms user=${n % 97}`,
  (n) => `level=info ts=2026-01-10T10:11:12Z caller=head.go:${n % 900} msg="WAL segment loaded" segment=${n}`,
  (n) => `{"level":30,"time":1768039872000,"pid":7,"reqId":"${n.toString(36)}","msg":"request completed"}`,
  (n) => `[pool-${n % 8}-thread-${n % 16}] com.example.Orders - order ${n} took ${n % 900} ms`,
];

/** Ordinary lines, lines that each speak of a cause, and lines that are made of what expressions look for. */
function logs(): readonly Log[] {
  const written = shippedPatterns().flatMap(({ example, counterexample }) => [
    example ?? '',
    counterexample ?? '',
  ]);
  const dear = written.join(' ');
  return [
    { what: 'ordinary lines', lines: make((n) => calm[n % calm.length]?.(n) ?? '') },
    {
      what: 'lines that each speak of a cause',
      lines: make((n) => `${TIME} ${n} ${written[n % written.length]}`),
    },
    {
      what: 'hostile lines of 4000 characters',
      lines: make((n) => `${TIME} ${dear.slice((n * 37) % 10_000, ((n * 37) % 10_000) + 3_970)}`),
    },
  ];
}

function make(line: (n: number) => string): readonly string[] {
  return Array.from({ length: LINES }, (_, n) => line(n));
}

/** Lines a second, and the time that the log of one instance takes. */
export function measureDiagnosis(): string {
  const diagnoser = new RuleDiagnoser(shippedPatterns());
  const { redact } = new Redactor();
  const rows = logs().map(({ what, lines }) => {
    const text = lines.join('\n');
    const evidence: readonly EvidenceItem[] = [
      { id: 'E1', kind: 'logs', instance: 'shop-1', text, truncated: false },
    ];
    const diagnosed = medianMs(() => diagnoser.diagnose('shop', evidence, []));
    const redacted = medianMs(() => redact(text));
    return `| ${what} | ${figure(diagnosed)} | ${figure(redacted)} |`;
  });
  return [
    `| ${LINES} lines | causes by ${shippedPatterns().length} patterns | redaction |`,
    '| --- | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function medianMs(work: () => unknown): number {
  const times = Array.from({ length: TURNS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.toSorted((one, other) => one - other)[Math.floor(TURNS / 2)] ?? Number.NaN;
}

function figure(ms: number): string {
  return `${ms.toFixed(1)} ms, ${(Math.round(LINES / ms) * 1_000).toLocaleString('en')} lines/s`;
}
