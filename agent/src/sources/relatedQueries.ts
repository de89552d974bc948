import type { Labels } from '../core/alert.ts';
import { DEFAULT_LABEL_MAPPINGS } from '../core/settings.ts';
import type { Target } from '../core/target.ts';

/** What is asked about a target besides its alerts: a name for people, and the expression. */
export type RelatedQuery = { readonly what: string; readonly expression: string };

/** What is asked of whatever is scraped and has the client libraries' own metrics. */
const OF_PROCESS: readonly (readonly [what: string, expression: (selector: string) => string])[] = [
  ['scraped (1) or not (0)', (selector) => `up{${selector}}`],
  ['memory of the process, bytes', (selector) => `process_resident_memory_bytes{${selector}}`],
  ['processors busy', (selector) => `rate(process_cpu_seconds_total{${selector}}[5m])`],
  ['starts in 15 min', (selector) => `changes(process_start_time_seconds{${selector}}[15m])`],
];

/** Labels of scraped series that may name the service. */
const NAMING_LABELS = DEFAULT_LABEL_MAPPINGS.filter((label) => !label.startsWith('container_label_'));

/** What cAdvisor measures of a container. */
const OF_CONTAINER: typeof OF_PROCESS = [
  [
    'memory of the container, bytes',
    (selector) => `max by (name) (container_memory_working_set_bytes{${selector}})`,
  ],
  [
    'memory limit of the container, bytes',
    (selector) => `max by (name) (container_spec_memory_limit_bytes{${selector}}) > 0`,
  ],
  [
    'processors busy in the container',
    (selector) => `sum by (name) (rate(container_cpu_usage_seconds_total{${selector}}[5m]))`,
  ],
  [
    'starts of the container in 15 min',
    (selector) => `max by (name) (changes(container_start_time_seconds{${selector}}[15m]))`,
  ],
];

/** The questions about a target. @param labels Of its alerts; they know best which series are its own. */
export function relatedQueries(target: Target, labels: readonly Labels[]): readonly RelatedQuery[] {
  const selectors = processSelectors(target, labels);
  const container = containerSelector(target);
  return [
    ...OF_PROCESS.map(([what, of]) => ({ what, expression: selectors.map(of).join(' or ') })),
    ...(container === null ? [] : OF_CONTAINER.map(([what, of]) => ({ what, expression: of(container) }))),
  ];
}

/** By the job and instance of an alert, else by the labels that commonly name a service, with the target's own names. */
function processSelectors(target: Target, labels: readonly Labels[]): readonly string[] {
  const own = labels.find(({ job = '', instance = '' }) => job !== '' && instance !== '' && !isExporter(job));
  if (own !== undefined) {
    const { job = '', instance = '' } = own;
    return [`job=${JSON.stringify(job)},instance=${JSON.stringify(instance)}`];
  }
  const { name, aliases, selector } = target;
  const further = selector.by === 'compose-service' ? [selector.service] : [];
  const names = [...new Set([name, ...aliases, ...further])].map(literal);
  const pattern = JSON.stringify(names.join('|'));
  return NAMING_LABELS.map((label) => `${label}=~${pattern}`);
}

/** An alert about a container comes from whoever measures containers, and its job is that one's. */
function isExporter(job: string): boolean {
  return /cadvisor|node[-_]?exporter|blackbox|kubelet/i.test(job);
}

/** `null`: it is no container. */
function containerSelector({ selector }: Target): string | null {
  switch (selector.by) {
    case 'container-name':
      return `name=${JSON.stringify(selector.name)}`;
    case 'compose-service':
      return [
        `container_label_com_docker_compose_service=${JSON.stringify(selector.service)}`,
        ...(selector.project === null
          ? []
          : [`container_label_com_docker_compose_project=${JSON.stringify(selector.project)}`]),
      ].join(',');
    case 'label':
      return `container_label_${selector.label.replaceAll(/[^a-zA-Z0-9_]/g, '_')}=${JSON.stringify(selector.value)}`;
    case 'process':
      return null;
    default:
      return selector satisfies never;
  }
}

/** RE2 reads all of these as themselves. */
function literal(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
