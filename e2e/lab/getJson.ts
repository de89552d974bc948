const requestMsMax = 5_000;

/**
 * GET, or POST when there is a body; answers with the parsed answer, or undefined when it is empty.
 *
 * @throws Error with the status and the beginning of the answer when it is no success.
 */
export async function getJson(url: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(requestMsMax),
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return text === '' ? undefined : JSON.parse(text);
}
