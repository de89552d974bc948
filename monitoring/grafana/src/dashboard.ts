import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type QueryVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';

type WithPanel = Parameters<DashboardBuilder['withPanel']>[0];

/** One dashboard: rows and the panels below each, in their order, for the last six hours and as of now. */
export function dashboard(options: {
  readonly title: string;
  /** Links hang on it. */
  readonly uid: string;
  readonly about: string;
  readonly tag: string;
  /** What one chooses in it. */
  readonly variable: QueryVariableBuilder;
  readonly parts: readonly (RowBuilder | WithPanel)[];
}): Dashboard {
  const { title, uid, about, tag, variable, parts } = options;
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(about)
    .tags([tag])
    .readonly()
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(variable);
  for (const part of parts) {
    if (part instanceof RowBuilder) builder.withRow(part);
    else builder.withPanel(part);
  }
  return builder.build();
}
