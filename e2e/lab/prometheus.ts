import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getJson } from './getJson.ts';
import { type Monitor, startMonitor } from './monitor.ts';

/** What a Prometheus of the lab scrapes and whom it tells. */
export interface PrometheusOptions {
  readonly targets: readonly ScrapeTarget[];
  /** The text of one rule file. */
  readonly rules?: string;
  /** Rule files that are there already, such as the ones that ship. */
  readonly ruleFiles?: readonly string[];
  /** `http://127.0.0.1:<port>` of the Alertmanager. */
  readonly alertmanagerUrl?: string;
  /** Milliseconds between scrapes and between evaluations. Default 1,000. */
  readonly intervalMs?: number;
  /** The label set on everything it sends, as HA twins have them. */
  readonly externalLabels?: Readonly<Record<string, string>>;
}

export interface ScrapeTarget {
  readonly job: string;
  /** `host:port`; the path is `/metrics`. */
  readonly address: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** One element of an instant vector. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus on a free loopback port; it is ended, and its data removed, on dispose. */
export interface Prometheus extends Monitor {
  /** An instant query; the expression has to give a vector. */
  query(expression: string): Promise<readonly Sample[]>;
}

/**
 * Starts it and waits until it is ready.
 *
 * @throws LabMissingError when it is not installed; Error with its own words when it refuses the configuration.
 */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const monitor = await startMonitor('prometheus', async (folder) => {
    const rulePath = join(folder, 'rules.yml');
    if (options.rules !== undefined) await writeFile(rulePath, options.rules);
    const ruleFiles = [...(options.ruleFiles ?? []), ...(options.rules === undefined ? [] : [rulePath])];
    const path = join(folder, 'prometheus.yml');
    // JSON is YAML; nothing has to be quoted by hand.
    await writeFile(path, JSON.stringify(configuration(options, ruleFiles)));
    return [`--config.file=${path}`, `--storage.tsdb.path=${join(folder, 'data')}`, '--web.enable-lifecycle'];
  });
  const { url } = monitor;
  return {
    ...monitor,
    query: (expression) => query(url, expression),
  };
}

function configuration(options: PrometheusOptions, ruleFiles: readonly string[]): unknown {
  const interval = `${options.intervalMs ?? 1_000}ms`;
  const jobs = Map.groupBy(options.targets, ({ job }) => job);
  const { alertmanagerUrl } = options;
  return {
    global: {
      scrape_interval: interval,
      scrape_timeout: interval,
      evaluation_interval: interval,
      external_labels: options.externalLabels ?? {},
    },
    rule_files: ruleFiles,
    scrape_configs: [...jobs].map(([job, targets]) => ({
      job_name: job,
      static_configs: targets.map(({ address, labels = {} }) => ({ targets: [address], labels })),
    })),
    ...(alertmanagerUrl === undefined
      ? {}
      : {
          alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanagerUrl).host] }] }] },
        }),
  };
}

interface QueryAnswer {
  readonly data: {
    readonly resultType: string;
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

async function query(url: string, expression: string): Promise<readonly Sample[]> {
  // The shape is Prometheus' documented answer; an expression of another type is refused in the next line.
  const { data } = (await getJson(
    `${url}/api/v1/query?query=${encodeURIComponent(expression)}`,
  )) as QueryAnswer;
  if (data.resultType !== 'vector') throw new Error(`${expression} gives a ${data.resultType}, no vector`);
  return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}
