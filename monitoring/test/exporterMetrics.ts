// Names of metrics of programs that cannot be had where this is tested: the ones that the rules may read.

/**
 * cAdvisor: docs/storage/prometheus.md of google/cadvisor at commit 0210b111852215963d362f66654e9418abd3025e. The labels
 * `container_label_*` are those of the container (`--store_container_labels`, on by default).
 */
export const CADVISOR_METRICS: readonly string[] = [
  'container_cpu_cfs_periods_total',
  'container_cpu_cfs_throttled_periods_total',
  'container_cpu_usage_seconds_total',
  'container_memory_working_set_bytes',
  'container_spec_memory_limit_bytes',
];

/**
 * node_exporter, each with its labels. Memory: the recorded answer of its own end-to-end test
 * (collector/fixtures/e2e-output.txt of prometheus/node_exporter at commit f5a2b9c8070278da9fcc206f575732c804465eb8); the
 * kernel of that record has no MemAvailable yet, which answers of live ones have. File systems: filesystem_common.go at
 * 013905a40fbce82ddc867936c064964f42305f50. CPU: answers of live ones.
 */
export const NODE_METRICS: ReadonlyMap<string, readonly string[]> = new Map([
  ['node_cpu_seconds_total', ['cpu', 'mode']],
  ['node_filesystem_avail_bytes', ['device', 'mountpoint', 'fstype']],
  ['node_filesystem_readonly', ['device', 'mountpoint', 'fstype']],
  ['node_filesystem_size_bytes', ['device', 'mountpoint', 'fstype']],
  ['node_memory_MemAvailable_bytes', []],
  ['node_memory_MemTotal_bytes', []],
]);

/** Prometheus makes these itself for each target that it scrapes. */
export const SCRAPE_METRICS: readonly string[] = ['scrape_duration_seconds', 'up'];
