/** Label names and values of an alert or a container. Always made with a null prototype at the edge. */
export type Labels = Readonly<Record<string, string>>;

/** One alert of an Alertmanager message, or one read from its API; identified by `fingerprint` alone. */
export type Alert = {
  /** Alertmanager's hash of the labels. `startsAt` is no identity: the two Prometheus servers of an HA pair differ in it. */
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  /** Milliseconds since the epoch; `null` while firing. */
  readonly endsAt: number | null;
  readonly generatorUrl: string;
};

/**
 * A label's value; the empty string where it is missing, as everywhere at Prometheus. Labels that were read back from
 * the journal are plain objects: what those inherit (`constructor`) is no label.
 */
export function labelOf(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}

/** The alert's name, or a stand-in that can be shown where an alert has none. */
export function alertName(labels: Labels): string {
  return labels['alertname'] ?? '(unnamed alert)';
}
