import { alternativesTo } from '../core/alternatives.ts';
import type { EffectReport } from '../core/context.ts';
import type { AnalysisQuestion } from '../core/diagnosis.ts';
import type { Effect } from '../core/effects.ts';
import type { EvidenceItem } from '../core/evidence.ts';
import type { RuntimeName } from '../core/target.ts';
import { isGentler, type Plan } from '../core/temper.ts';
import type { Analyst, Clock, Journal, LogSource, MetricsSource, Runtime } from '../ports.ts';
import { IncidentTools } from './analystTools.ts';
import { bounded, deadlineIn, wordsOf } from './deadline.ts';
import type { Scene } from './scene.ts';
import { sentence, soundAnalysis, soundFailure, soundUsage } from './sound.ts';

/** So long before its deadline the analyst is told to end, so that it can still say what it used; milliseconds. */
const LAST_WORDS_MS = 300;
/** Entries of evidence that are read of one incident. */
const ENTRIES_MAX = 50;

type Analysed = Omit<Extract<EffectReport, { kind: 'analysed' }>, 'key' | 'kind'>;

/** What an analysis is made with. */
export type DeskParts = {
  readonly clock: Clock;
  readonly analyst: () => Analyst | null;
  readonly journal: Pick<Journal, 'incidents' | 'entriesOf'>;
  readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly keptLogs: LogSource | null;
  readonly metrics: MetricsSource | null;
  readonly redact: (text: string) => string;
};

/** Puts a question to the analyst, and takes whatever comes back: late, malformed, or nothing at all. */
export class AnalystDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** What came of it by the deadline. Never rejects but for a signal that aborts. */
  async analyse(effect: Effect & { kind: 'analyse' }, scene: Scene, signal: AbortSignal): Promise<Analysed> {
    const { clock } = this.#parts;
    const leftMs = effect.by - clock.now();
    if (leftMs <= 0) return noAnalysis('timeout', 'no time is left for it', []);
    const analyst = this.#parts.analyst();
    if (analyst === null)
      return { ...noAnalysis('unavailable', 'no analyst is configured any more', []), usage: NOTHING_USED };
    using deadline = deadlineIn(clock, leftMs, signal);
    using notice = deadlineIn(clock, Math.max(leftMs - LAST_WORDS_MS, leftMs / 2), signal);
    const tools = this.#tools(scene, notice.signal);
    try {
      // A copy: whatever is done to it, the incident is not what changes.
      const question = structuredClone(await bounded(this.#question(effect, scene), deadline.signal));
      const asked = Promise.try(() => analyst.analyse(question, tools, notice.signal));
      return soundAnswer(await bounded(asked, deadline.signal), [...tools.answers]);
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.signal.aborted)
        return noAnalysis('timeout', 'it did not answer in time', [...tools.answers]);
      return noAnalysis('unavailable', wordsOf(error), [...tools.answers]);
    }
  }

  #tools({ incident, target }: Scene, signal: AbortSignal): IncidentTools {
    const { runtimes } = this.#parts;
    const runtime = target === null ? null : (runtimes.get(target.runtime) ?? null);
    return new IncidentTools({ ...this.#parts, runtime }, incident, target, signal);
  }

  async #question(
    { budget }: Effect & { kind: 'analyse' },
    { incident, settings }: Scene,
  ): Promise<AnalysisQuestion> {
    const { id, target, reason, labels, diagnosis, strategy } = incident;
    const { redact } = this.#parts;
    const entries = await this.#parts.journal.entriesOf(id, ENTRIES_MAX, ['evidence-gathered']);
    const plan: Plan = {
      strategy: strategy?.name ?? '',
      mode: strategy?.mode ?? 'auto',
      steps: strategy?.steps ?? [],
    };
    return {
      incident: id,
      target: target ?? '',
      reason: redact(reason),
      // They say who is meant, so they are kept as they are; what leaves here for a stranger is another matter.
      labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, redact(value)])),
      evidence: entries.flatMap(({ body }) => (body.type === 'evidence-gathered' ? body.items : [])),
      diagnosis: diagnosis ?? { causes: [], unusual: [] },
      plan: { strategy: plan.strategy, steps: plan.steps.map(({ action }) => action) },
      alternatives: alternativesTo(plan, incident, settings.strategies)
        .filter((alternative) => isGentler(alternative, plan))
        .map(({ strategy: name, steps }) => ({ name, steps: steps.map(({ action }) => action) })),
      budget,
    };
  }
}

const NOTHING_USED = { inputTokens: 0, outputTokens: 0, costUsd: 0, turns: 0 };

function noAnalysis(
  code: 'timeout' | 'unavailable',
  reason: string,
  items: readonly EvidenceItem[],
): Analysed {
  return { analysis: null, code, reason: sentence(reason), usage: null, items };
}

/** What an analyst answered, as far as it is an answer. */
function soundAnswer(
  said: Awaited<ReturnType<Analyst['analyse']>>,
  items: readonly EvidenceItem[],
): Analysed {
  const usage = soundUsage(said.usage);
  if (!said.ok) {
    return { analysis: null, code: soundFailure(said.code), reason: sentence(said.reason), usage, items };
  }
  const analysis = soundAnalysis(said.analysis);
  return analysis === null
    ? { analysis, code: 'malformed', reason: 'the answer is no analysis', usage, items }
    : {
        analysis,
        code: analysis.remembered ? 'remembered' : 'answered',
        reason: 'it answered',
        usage,
        items,
      };
}
