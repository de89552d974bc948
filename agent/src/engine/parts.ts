import type { Settings } from '../core/settings.ts';
import type { RuntimeName } from '../core/target.ts';
import type {
  Action,
  AlertReader,
  Analyst,
  Clock,
  Diagnoser,
  Journal,
  LogSource,
  MetricsSource,
  Notifier,
  Prober,
  Runtime,
  SelfFinder,
  SymptomSource,
  Telemetry,
} from '../ports.ts';

/** Everything that the engine needs from outside; the composition root knows who they are. */
export type Parts = {
  readonly version: string;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly runtimes: ReadonlyMap<RuntimeName, Runtime>;
  readonly prober: Prober;
  readonly symptoms: readonly SymptomSource[];
  readonly alertReader: AlertReader | null;
  /** Without it, no logs outlive their instances. */
  readonly keptLogs?: LogSource | null;
  /** Without it, no measurements are kept with an incident. */
  readonly metrics?: MetricsSource | null;
  /** Without it, no cause is recognised. */
  readonly diagnoser?: Diagnoser | null;
  /** Without it, the rules decide alone. */
  readonly analyst?: Analyst | null;
  /** Takes secrets out of text from outside before it is kept; without it, nothing is taken out. */
  readonly redact?: (text: string) => string;
  readonly actions: ReadonlyMap<string, Action>;
  readonly notifiers: ReadonlyMap<string, Notifier>;
  readonly selfFinder: SelfFinder;
  readonly telemetry: Telemetry;
  readonly newId: () => string;
  readonly link: (incident: string) => string;
  readonly settings: Settings;
};
