import { TemplateMiner } from '../agent/src/diagnosis/templates/templateMiner.ts';

const LINES = 200_000;
const TURNS = 5;

/** Kinds of line as services write them; each is written with other values every time. */
const SHAPES: readonly ((n: number) => string)[] = [
  (n) => `GET /api/v1/items/${n} HTTP/1.1" 200 ${n % 9_000} "-" "curl/8.${n % 9}.0" ${n % 300}ms`,
  (n) =>
    `level=info ts=2026-11-24T09:${10 + (n % 50)}:00.${n}Z caller=head.go:${n % 900} msg="WAL segment loaded" segment=${n}`,
  (n) =>
    `Accepted password for user${n % 40} from 10.0.${n % 250}.${n % 99} port ${1_024 + (n % 60_000)} ssh2`,
  (n) =>
    `authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=host-${n}.example.net  user=root`,
  (n) => `Received block blk_${n * 7_919} of size ${n} from /10.250.${n % 250}.${n % 199}`,
  (n) =>
    `[pool-${n % 8}-thread-${n % 16}] com.example.orders.OrderService - order ${n} for customer ${n * 3} took ${n % 900} ms`,
  (n) => `ERROR: duplicate key value violates unique constraint "orders_pkey" detail=(id)=(${n})`,
  (n) =>
    `connection to db-${n % 3}.internal:5432 lost: ECONNRESET, retrying in ${n % 30} s (attempt ${n % 7})`,
];

/**
 * Lines that are folded into templates in a second of one core, from the text to the final template of each line. It is
 * the time that the processor spent on it, collecting garbage included, whatever else the machine did meanwhile.
 */
export function measureTemplates(): string {
  const lines = Array.from({ length: LINES }, (_, n) => SHAPES[n % SHAPES.length]?.(n) ?? '');
  const rates = Array.from({ length: TURNS }, () => {
    const before = process.cpuUsage();
    const miner = new TemplateMiner();
    const refs = lines.map((line) => miner.add(line));
    for (const ref of refs) miner.templateOf(ref);
    const { user, system } = process.cpuUsage(before);
    return LINES / ((user + system) / 1_000_000);
  });
  const average = lines.reduce((sum, { length }) => sum + length, 0) / LINES;
  return (
    `templates: ${Math.round(Math.max(...rates) / 1_000)} 000 lines a second on one core, ` +
    `${Math.round(Math.min(...rates) / 1_000)} 000 in the slowest of ${TURNS} turns (${LINES} lines of ` +
    `${Math.round(average)} characters; wanted: 200 000)`
  );
}
