import { dashboardFiles } from '../grafana/src/dashboards.ts';

type Target = {
  readonly refId: string;
  readonly expr: string;
  readonly datasource: { readonly uid: string };
};
type Panel = {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
};
type Dashboard = {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition: string }[] };
};

export const files = dashboardFiles();
export const dashboards = [...files].map(([file, text]) => {
  // What is written is what the SDK's typed builders have made.
  const dashboard = JSON.parse(text) as Dashboard;
  return { file, dashboard, panels: dashboard.panels.filter(({ type }) => type !== 'row') };
});
/** Every expression of every panel, with the `uid` of its data source. */
export const queries = dashboards.flatMap(({ file, panels }) =>
  panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr, datasource }) => ({
      name: `${file} ${title} ${refId}`,
      expr,
      source: datasource.uid,
    })),
  ),
);

/** As Grafana sends it: its own variables are durations, and stand inside of strings else. */
export function sent(expr: string, interval = '5m'): string {
  return expr.replaceAll(/\$__(?:rate_interval|range|interval)\b/g, interval);
}
