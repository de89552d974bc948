import type { AnalystSettings } from '../analystSettings.ts';
import type { CausePattern } from '../causePattern.ts';
import type { Secret } from '../secret.ts';

/** A service that the agent asks. */
export type ServiceOptions = { readonly url: string; readonly token: Secret | null };

/** Where logs outlive their containers. */
export type LokiOptions = ServiceOptions & {
  readonly tenant: string | null;
  /** LogQL with placeholders; checked. */
  readonly query: string;
};

/** What makes an unconfigured container a target. */
export type DiscoveryBy = 'label' | 'compose_service' | 'container_name';

/** One channel to people. All durations in milliseconds. */
export type NotifierOptions =
  | {
      readonly type: 'webhook';
      readonly name: string;
      /** The address; it may be a secret itself. */
      readonly url: Secret;
      readonly token: Secret | null;
      readonly timeoutMs: number;
      readonly repeatMs: number | null;
    }
  | {
      readonly type: 'alertmanager';
      readonly name: string;
      readonly url: string;
      readonly token: Secret | null;
      readonly timeoutMs: number;
      readonly repeatMs: number;
    };

/** How causes are recognised in evidence. */
export type DiagnosisOptions = {
  /** All that are in force: the shipped ones that are not disabled or replaced, and the configuration’s own. */
  readonly patterns: readonly CausePattern[];
  /** How many of them are the configuration’s own. */
  readonly ownPatterns: number;
};

/** What is taken out of evidence before it is kept, besides the secrets of known forms: RE2. */
export type RedactionOptions = { readonly patterns: readonly string[] };

/** What the edges of the agent need to know, besides the `Settings` of the core. */
export type EdgeOptions = {
  /** Where people reach the agent, without a slash at the end. */
  readonly externalUrl: string;
  /** How long a running step may go on after SIGTERM, milliseconds. */
  readonly drainMs: number;
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** Any of them is accepted; none: only loopback is listened on, and no token is asked for. */
    readonly webhookTokens: readonly Secret[];
    readonly operatorTokens: readonly Secret[];
  };
  readonly journal: {
    /** Absolute path. */
    readonly path: string;
    /** What is older, milliseconds, or over the size, bytes, is deleted in the background. */
    readonly retention: { readonly ageMs: number; readonly sizeBytes: number };
  };
  readonly log: { readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' };
  /** `null` when no configured target runs on Docker and nothing is discovered. */
  readonly docker: {
    readonly host: string;
    /** Id or name of the agent's own container, where somebody said so. */
    readonly selfContainer: string | null;
    /** Whether the engine's events are heard. */
    readonly events: boolean;
  } | null;
  readonly discovery: {
    readonly by: readonly DiscoveryBy[];
    readonly composeProject: string | null;
    readonly importLabels: boolean;
  };
  readonly prometheus: ServiceOptions | null;
  readonly alertmanager: ServiceOptions | null;
  readonly loki: LokiOptions | null;
  /** `null`: no causes are looked for. */
  readonly diagnosis: DiagnosisOptions | null;
  readonly redaction: RedactionOptions;
  /** `null`: no model is asked. */
  readonly analyst: AnalystSettings | null;
  readonly notifiers: readonly NotifierOptions[];
};
