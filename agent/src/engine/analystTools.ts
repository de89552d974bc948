import type { EvidenceItem, EvidencePiece } from '../core/evidence.ts';
import type { Incident } from '../core/incident.ts';
import { printable } from '../core/printable.ts';
import type { Instance, Target } from '../core/target.ts';
import type {
  AnalystTools,
  Clock,
  Journal,
  LogOptions,
  LogSource,
  MetricsSource,
  Runtime,
} from '../ports.ts';
import { bounded, deadlineIn } from './deadline.ts';
import { Basket } from './evidence/basket.ts';
import { readHistory } from './evidence/history.ts';

/** How long one answer may take, milliseconds. */
const ANSWER_MS = 3_000;
const ANSWERS_MAX = 20;
/** All answers of one analysis together, bytes. */
const ANSWERS_BYTES_MAX = 256 * 1024;
const INSTANCES_MAX = 5;
/** Lines that are looked through for those that hold a text, and lines that are shown. */
const LINES_READ_MAX = 5_000;
const LINES_SHOWN_MAX = 500;
const LOG_BYTES_MAX = 512 * 1024;
/** Answers are numbered from here on: far from what is gathered, of which more may come while the analyst asks. */
const FIRST = 901;

/** What the answers come from. */
export type ToolSources = {
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'incidents' | 'entriesOf'>;
  readonly runtime: Runtime | null;
  readonly keptLogs: LogSource | null;
  readonly metrics: MetricsSource | null;
  readonly redact: (text: string) => string;
};

/** The read-only questions about one target; what is answered is kept with the incident, so that it can be cited. */
export class IncidentTools implements AnalystTools {
  readonly #sources: ToolSources;
  readonly #incident: Incident;
  readonly #target: Target | null;
  readonly #signal: AbortSignal;
  readonly #basket: Basket;
  readonly #answers: EvidenceItem[] = [];
  #asked = 0;

  constructor(sources: ToolSources, incident: Incident, target: Target | null, signal: AbortSignal) {
    this.#sources = sources;
    this.#incident = incident;
    this.#target = target;
    this.#signal = signal;
    this.#basket = new Basket(sources.redact, ANSWERS_BYTES_MAX);
  }

  /** Everything that was answered. */
  get answers(): readonly EvidenceItem[] {
    return this.#answers;
  }

  moreLogs({
    lines,
    contains,
  }: {
    readonly lines: number;
    readonly contains: string | null;
  }): Promise<EvidenceItem> {
    return this.#answer(async (signal) => {
      const read = await this.#logs(contains === null ? LINES_SHOWN_MAX : LINES_READ_MAX, signal);
      // Before lines are chosen: what is asked for must not tell of a secret, nor leave out what makes one known.
      const text = this.#sources.redact(read);
      const all = text === '' ? [] : text.split('\n');
      const wanted = contains === null ? all : all.filter((line) => line.includes(contains));
      const shown = wanted.slice(-Math.min(Math.max(1, lines), LINES_SHOWN_MAX));
      return {
        kind: 'logs',
        instance: '',
        text: shown.join('\n'),
        truncated: shown.length < all.length,
      };
    });
  }

  query(promql: string): Promise<EvidenceItem> {
    return this.#answer(async (signal) => {
      const { metrics } = this.#sources;
      if (metrics === null) throw new Error('no Prometheus is configured');
      return { kind: 'metrics', instance: '', ...(await metrics.query(promql, signal)) };
    });
  }

  facts(): Promise<EvidenceItem> {
    return this.#answer(async (signal) => {
      const { runtime, target } = this.#scene();
      const instances = await runtime.instances(target, signal);
      const told = instances.slice(0, INSTANCES_MAX).map((instance) => printable(factsOf(instance)));
      const text = told.length === 0 ? 'no instance exists' : told.join('\n');
      return { kind: 'inspect', instance: '', text, truncated: instances.length > INSTANCES_MAX };
    });
  }

  history(): Promise<EvidenceItem> {
    return this.#answer(async () => {
      const { piece } = await readHistory(this.#sources.journal, this.#incident);
      return piece ?? { kind: 'history', instance: '', text: 'this is its first incident', truncated: false };
    });
  }

  async #answer(find: (signal: AbortSignal) => Promise<EvidencePiece>): Promise<EvidenceItem> {
    this.#asked += 1;
    if (this.#asked > ANSWERS_MAX) throw new Error(`no more than ${ANSWERS_MAX} questions are answered`);
    using deadline = deadlineIn(this.#sources.clock, ANSWER_MS, this.#signal);
    this.#basket.add(await bounded(find(deadline.signal), deadline.signal));
    const [item] = this.#basket.take(FIRST + this.#answers.length);
    if (item === undefined) throw new Error('there is no room for more evidence');
    this.#answers.push(item);
    return item;
  }

  async #logs(lines: number, signal: AbortSignal): Promise<string> {
    const { keptLogs } = this.#sources;
    const options: LogOptions = { lines, since: null, maxBytes: LOG_BYTES_MAX };
    const { runtime, target } = this.#scene();
    const instances = (await runtime.instances(target, signal)).slice(0, INSTANCES_MAX);
    const read = await Promise.all(
      instances.map(async (instance) => {
        const { text } = await runtime.logs(instance, options, signal);
        return instances.length === 1 ? text : text.replaceAll(/^(?=.)/gm, `${instance.name}: `);
      }),
    );
    const own = read.filter((text) => text !== '').join('\n');
    if (own !== '' || keptLogs === null) return own;
    return (await keptLogs.logs(target, options, signal)).text;
  }

  #scene(): { readonly runtime: Runtime; readonly target: Target } {
    const { runtime } = this.#sources;
    if (runtime === null || this.#target === null) throw new Error('the target is no longer known');
    return { runtime, target: this.#target };
  }
}

function factsOf(instance: Instance): string {
  const { name, status, health, startedAt, finishedAt, exitCode, oomKilled, supervised, revision } = instance;
  return [
    `${name}: ${status}`,
    `health ${health}`,
    `started ${timeOf(startedAt)}`,
    `ended ${timeOf(finishedAt)}`,
    `exit code ${exitCode ?? 'none'}`,
    oomKilled ? 'killed for memory' : 'not killed for memory',
    supervised ? 'restarted by the runtime' : 'not restarted by the runtime',
    `revision ${revision}`,
  ].join('; ');
}

function timeOf(at: number | null): string {
  return at === null ? 'never' : new Date(at).toISOString();
}
