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

/** node_exporter, by the names that its users know; to be compared with a live one (its own list: collector/fixtures/e2e-output.txt). */
export const NODE_METRICS: readonly string[] = [
  'node_cpu_seconds_total',
  'node_filesystem_avail_bytes',
  'node_filesystem_readonly',
  'node_filesystem_size_bytes',
  'node_memory_MemAvailable_bytes',
  'node_memory_MemTotal_bytes',
];

/** Prometheus makes these itself for each target that it scrapes. */
export const SCRAPE_METRICS: readonly string[] = ['scrape_duration_seconds', 'up'];
