import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Made here: what parts of the stack show each other. */
const TOKENS = ['mpa_webhook_token', 'mpa_operator_token', 'predictor_token', 'grafana_admin_password'];

/** Known to people alone: where Alertmanager and the agent tell things. */
export const ADDRESSES = [
  'agent_self_monitoring_url',
  'people_now_url',
  'people_by_day_url',
  'dead_mans_switch_url',
] as const;
export type Address = (typeof ADDRESSES)[number];

/** Nobody listens there. A file that was empty or absent would keep Alertmanager from its start. */
export const PLACEHOLDER = 'http://127.0.0.1:9/nobody-is-told';

/**
 * Makes the secrets of docker-compose.yml in a folder. What is there already is left as it is, but for a placeholder where
 * there is an address now.
 *
 * Only the owner gets into the folder (0700). The files in it may be read by everyone (0644): Compose mounts them as
 * they are, and the agent, Alertmanager and Grafana are other users in their containers than the one who made them.
 *
 * @returns the names of those that were made.
 */
export function makeSecrets(
  folder: string,
  addresses: Partial<Readonly<Record<Address, string>>>,
): readonly string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const contents = new Map<string, string>([
    ...TOKENS.map((name) => [name, randomBytes(32).toString('base64url')] as const),
    ...ADDRESSES.map((name) => [name, addresses[name] ?? PLACEHOLDER] as const),
  ]);
  const wanted = [...contents].filter(([name, content]) => isWanted(join(folder, name), content));
  for (const [name, content] of wanted) {
    writeFileSync(join(folder, name), `${content}\n`);
    // Not by the mode that it is made with, of which the umask takes away.
    chmodSync(join(folder, name), 0o644);
  }
  return wanted.map(([name]) => name);
}

function isWanted(file: string, content: string): boolean {
  return !existsSync(file) || (content !== PLACEHOLDER && readFileSync(file, 'utf8').trim() === PLACEHOLDER);
}
