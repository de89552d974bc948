import { isIPv4, isIPv6 } from 'node:net';
import { MpaError } from '../errors.ts';
import type { TokenSet } from './tokens.ts';

/** Whether only this machine can reach a listener on `host`, or means itself by it. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (isIPv4(name)) return name.startsWith('127.');
  return isIPv6(name) && (name === '::1' || name === '0:0:0:0:0:0:0:1');
}

/**
 * Called before listening, and before tokens are replaced. Whoever reaches an agent without a token can have
 * services restarted.
 *
 * @throws MpaError `OPEN_LISTENER`.
 */
export function assertMayListen(
  host: string,
  tokens: { readonly webhook: TokenSet; readonly operator: TokenSet },
): void {
  if (isLoopback(host)) return;
  const open = [
    ...(tokens.webhook.isEmpty ? ['the webhook'] : []),
    ...(tokens.operator.isEmpty ? ['the API'] : []),
  ];
  if (open.length > 0)
    throw new MpaError('OPEN_LISTENER', `${host} is asked for, and ${open.join(' and ')} has none`);
}

/** The name of a `Host` header or an origin, without its port; `null` when it is none. */
export function hostnameOf(authority: string): string | null {
  return URL.canParse(`http://${authority}`) ? new URL(`http://${authority}`).hostname : null;
}
