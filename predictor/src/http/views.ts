import type { Judgement } from '../series/judge.ts';
import { isRejection } from '../series/verdict.ts';
import { ageInBars, type LiveSeries } from '../service/live-series.ts';
import type { Predictor } from '../service/predictor.ts';
import { scoresOf } from '../service/scores.ts';
import type { ModelVersion } from '../service/version.ts';

const VERDICTS_SHOWN_MAX = 1000;

export function seriesView(predictor: Predictor, live: LiveSeries, nowMs: number) {
  const staleReasons = predictor.staleReasons(live);
  return {
    symbol: live.symbol,
    bars: live.barCount,
    from: iso(live.firstMs),
    to: iso(live.newest.time),
    lastClose: live.newest.close,
    ageBars: ageInBars(live, nowMs),
    intervalSeconds: live.calendar.intervalMs / 1000,
    ...sourceView(predictor, live.symbol),
    activeVersion: live.version?.version ?? null,
    stale: staleReasons.length > 0,
    staleReasons: [...staleReasons],
  };
}

/** A series that is to come from a source, which gave nothing yet. */
export function emptySeriesView(predictor: Predictor, symbol: string) {
  const status = predictor.sourceStatus(symbol);
  const detail = predictor.whyWithoutBars(symbol);
  return {
    symbol,
    bars: 0,
    from: null,
    to: null,
    lastClose: null,
    ageBars: null,
    intervalSeconds: null,
    ...sourceView(predictor, symbol),
    activeVersion: null,
    stale: true,
    staleReasons: [{ reason: status?.isFailing === true ? 'refresh-failing' : 'no-bars', detail }],
  };
}

function sourceView(predictor: Predictor, symbol: string) {
  const status = predictor.sourceStatus(symbol);
  return {
    source: predictor.sourceOf(symbol)?.source.description ?? null,
    lastRefresh:
      status === undefined ? null : { at: iso(status.atMs), outcome: status.outcome, detail: status.detail },
  };
}

export function versionView(version: ModelVersion, live: LiveSeries) {
  const active = live.version?.version === version.version;
  // An active version is known by what it did since its fit too.
  const { standing } = live;
  const isServed = active && standing?.version.version === version.version;
  const record = isServed ? standing.prepared.record : version.body.record;
  return {
    symbol: version.symbol,
    version: version.version,
    active,
    origin: version.origin,
    created: iso(version.createdMs),
    data: { from: iso(version.dataFromMs), to: iso(version.dataToMs), bars: version.bars },
    settings: version.body.settings,
    models: version.body.models,
    scores: mutable(scoresOf(record)),
  };
}

export function barsView(symbol: string, judgement: Judgement) {
  const remarks = judgement.verdicts.flatMap((v) => ('detail' in v ? [v] : []));
  return {
    symbol,
    added: judgement.fresh.length,
    replaced: judgement.replaced.length,
    known: judgement.verdicts.filter((v) => v.verdict === 'known').length,
    rejected: judgement.verdicts.filter(isRejection).length,
    verdicts: remarks.slice(0, VERDICTS_SHOWN_MAX),
  };
}

export function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function mutable(scores: ReturnType<typeof scoresOf>) {
  return scores === undefined ? null : { ...scores, coverage: [...scores.coverage] };
}
