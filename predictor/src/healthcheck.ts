// The container's health check, without a shell: exit status 0 when GET /health answers 200 in time.
const port = process.env['PREDICTOR_PORT'] ?? '8200';
const url = process.env['PREDICTOR_URL'] ?? `http://127.0.0.1:${port}`;

try {
  const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(4000) });
  if (!response.ok) throw new Error(`it answered with status ${response.status}`);
} catch (error) {
  console.error(`${url}/health: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
