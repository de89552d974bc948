import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  LogsSortOrder,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder as HeatmapBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as LogsBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { DataqueryBuilder as LokiQueryBuilder } from '@grafana/grafana-foundation-sdk/loki';
import {
  DataqueryBuilder as PrometheusQueryBuilder,
  PromQueryFormat,
} from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The data sources of `provisioning/datasources`, by what the dashboards call them. */
export const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' };
const LOKI = { type: 'loki', uid: 'loki' };

/** One expression and the text of its series in the legend: `{{target}}` is the series' label. */
export type Query = readonly [expr: string, legend: string];

type Common = {
  readonly title: string;
  /** What the panel shows, and what to think of it. */
  readonly about: string;
  readonly queries: readonly Query[];
  /** A unit of Grafana: `s`, `percentunit`, `bytes`. */
  readonly unit?: string;
  /** Of 24 columns. */
  readonly width?: number;
};

/**
 * At the scrape interval of 10 s a range of `$__rate_interval` is then one scrape longer than a bar is wide: it finds what
 * happened between the last scrape before the bar and the first one in it, and nothing twice.
 */
const BAR = '1m';

/** From which value on which colour; the first is for what is below. */
export type Steps = readonly [below: string, ...from: readonly (readonly [value: number, color: string])[]];

export const GOOD_IF_ZERO: Steps = ['green', [1, 'red']];
export const GOOD_IF_ONE: Steps = ['red', [1, 'green']];

/** One number: the last one, over the time range where the expression says so. */
export function stat(
  options: Common & { readonly steps?: Steps; readonly words?: Words; readonly decimals?: number },
): Builder<Panel> {
  const { title, about, queries, unit = 'none', width = 3, steps = ['text'], words, decimals } = options;
  const panel = new StatBuilder()
    .title(title)
    .description(about)
    .datasource(PROMETHEUS)
    .span(width)
    .height(4)
    .unit(unit)
    .noValue('–')
    .thresholds(thresholds(steps))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
  if (decimals !== undefined) panel.decimals(decimals);
  if (words !== undefined) panel.mappings([mapping(words)]);
  // What is of the whole time range is asked for once, at its end.
  for (const query of prometheus(queries))
    panel.withTarget(queries.some(([expr]) => expr.includes('$__range')) ? query.instant() : query);
  return panel;
}

/** Values over time, as lines. */
export function lines(
  options: Common & { readonly min?: number; readonly max?: number; readonly steps?: Steps },
): Builder<Panel> {
  const { min, max, steps } = options;
  const panel = timeseries(options).drawStyle(GraphDrawStyle.Line).fillOpacity(8);
  if (min !== undefined) panel.min(min);
  if (max !== undefined) panel.max(max);
  if (steps !== undefined) panel.thresholds(thresholds(steps));
  return panel;
}

/** How often something happened, as stacked bars of a minute or more: each event is in one bar. */
export function bars(options: Common): Builder<Panel> {
  return timeseries({ unit: 'short', ...options })
    .drawStyle(GraphDrawStyle.Bars)
    .interval(BAR)
    .decimals(0)
    .fillOpacity(80)
    .min(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

/** Which state each series was in, and since when. */
export function states(options: Common & { readonly words: Words }): Builder<Panel> {
  const { title, about, queries, width = 12, words } = options;
  const panel = new StateTimelineBuilder()
    .title(title)
    .description(about)
    .datasource(PROMETHEUS)
    .span(width)
    .height(8)
    .mappings([mapping(words)])
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .rowHeight(0.8);
  for (const query of prometheus(queries)) panel.withTarget(query);
  return panel;
}

/** How a histogram's values are spread over time: its buckets' increase, by `le`. */
export function heatmap(options: Omit<Common, 'queries'> & { readonly expr: string }): Builder<Panel> {
  const { title, about, expr, unit = 's', width = 12 } = options;
  return new HeatmapBuilder()
    .title(title)
    .description(about)
    .datasource(PROMETHEUS)
    .span(width)
    .height(8)
    .unit(unit)
    .interval(BAR)
    .calculate(false)
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
    .withTarget(
      new PrometheusQueryBuilder()
        .datasource(PROMETHEUS)
        .expr(expr)
        .legendFormat('{{le}}')
        .format(PromQueryFormat.Heatmap)
        .range()
        .refId('A'),
    );
}

/** Log lines from Loki, the newest first. */
export function logs(options: {
  readonly title: string;
  readonly about: string;
  readonly expr: string;
}): Builder<Panel> {
  return new LogsBuilder()
    .title(options.title)
    .description(options.about)
    .datasource(LOKI)
    .span(24)
    .height(9)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Descending)
    .withTarget(
      new LokiQueryBuilder().datasource(LOKI).expr(options.expr).maxLines(500).queryType('range').refId('A'),
    );
}

/** Values and what they are called, with a colour. */
export type Words = Readonly<Record<string, readonly [text: string, color: string]>>;

function timeseries({ title, about, queries, unit = 'short', width = 12 }: Common): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(title)
    .description(about)
    .datasource(PROMETHEUS)
    .span(width)
    .height(8)
    .unit(unit)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  for (const query of prometheus(queries)) panel.withTarget(query);
  return panel;
}

function prometheus(queries: readonly Query[]): readonly PrometheusQueryBuilder[] {
  return queries.map(([expr, legend], index) =>
    new PrometheusQueryBuilder()
      .datasource(PROMETHEUS)
      .expr(expr)
      .legendFormat(legend)
      .range()
      .refId(String.fromCharCode('A'.charCodeAt(0) + index)),
  );
}

function thresholds([below, ...from]: Steps): ThresholdsConfigBuilder {
  const steps: Threshold[] = [{ value: null, color: below }];
  for (const [value, color] of from) steps.push({ value, color });
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

function mapping(words: Words): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(words).map(([value, [text, color]], index) => [value, { text, color, index }]),
    ),
  };
}
