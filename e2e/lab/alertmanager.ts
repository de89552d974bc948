import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getJson } from './getJson.ts';
import { type Monitor, startMonitor } from './monitor.ts';

/** An alert as one posts it to Alertmanager. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** RFC 3339. Left out: now. */
  readonly startsAt?: string;
  /** RFC 3339. Left out: it resolves after `resolve_timeout`. */
  readonly endsAt?: string;
}

/** An alert as Alertmanager's API gives it, as far as the tests look. */
export interface StoredAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly state: 'active' | 'suppressed' | 'unprocessed' };
}

/** A real Alertmanager on a free loopback port; it is ended, and its data removed, on dispose. */
export interface Alertmanager extends Monitor {
  post(alerts: readonly PostedAlert[]): Promise<void>;
  alerts(): Promise<readonly StoredAlert[]>;
}

/**
 * Starts it, alone (no cluster), and waits until it is ready.
 *
 * @param configuration Its configuration: YAML text, or an object that is written as JSON.
 * @throws LabMissingError when it is not installed; Error with its own words when it refuses the configuration.
 */
export async function startAlertmanager(configuration: string | object): Promise<Alertmanager> {
  const monitor = await startMonitor('alertmanager', async (folder) => {
    const path = join(folder, 'alertmanager.yml');
    await writeFile(path, typeof configuration === 'string' ? configuration : JSON.stringify(configuration));
    return [`--config.file=${path}`, `--storage.path=${join(folder, 'data')}`, '--cluster.listen-address='];
  });
  const { url } = monitor;
  return {
    ...monitor,
    post: async (alerts) => {
      await getJson(`${url}/api/v2/alerts`, alerts);
    },
    // The shape is that of Alertmanager's published OpenAPI definition.
    alerts: async () => (await getJson(`${url}/api/v2/alerts`)) as readonly StoredAlert[],
  };
}

/**
 * The configuration with one webhook receiver that hears everything, as fast as Alertmanager can (a group waits 100
 * ms, and 1 s between two messages).
 *
 * @param tokenFile A file with the bearer token to send.
 */
export function webhookConfiguration(webhookUrl: string, tokenFile?: string): object {
  const authorization = tokenFile === undefined ? {} : { authorization: { credentials_file: tokenFile } };
  return {
    route: {
      receiver: 'webhook',
      group_by: ['alertname'],
      group_wait: '100ms',
      group_interval: '1s',
      repeat_interval: '1h',
    },
    receivers: [
      {
        name: 'webhook',
        webhook_configs: [{ url: webhookUrl, send_resolved: true, http_config: authorization }],
      },
    ],
  };
}
