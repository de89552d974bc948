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
    source: predictor.sourceOf(live.symbol)?.source.description ?? null,
    activeVersion: live.version?.version ?? null,
    stale: staleReasons.length > 0,
    staleReasons: [...staleReasons],
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
