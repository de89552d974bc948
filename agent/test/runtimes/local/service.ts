// A service for tests of the local runtime: prints lines and lives until it is told otherwise.
// PRINTS: JSON list of lines. IGNORE_SIGTERM=1: hears SIGTERM and goes on. FORK=1: starts a copy of itself first.
import { spawn } from 'node:child_process';
import process from 'node:process';

process.on('SIGTERM', () => {
  console.log('SIGTERM');
  if (process.env['IGNORE_SIGTERM'] !== '1') process.exit(0);
});
process.on('SIGUSR2', () => process.exit(3));
setInterval(() => undefined, 3_600_000);

if (process.env['FORK'] === '1') {
  // In a group of its own, as a daemon would be: it outlives what started it.
  const env = { ...process.env, FORK: '0', PRINTS: '["fork runs"]' };
  spawn(process.execPath, [import.meta.filename], { env, stdio: 'inherit', detached: true }).unref();
}
const lines: unknown = JSON.parse(process.env['PRINTS'] ?? '[]');
if (Array.isArray(lines)) for (const line of lines) console.log(String(line));
