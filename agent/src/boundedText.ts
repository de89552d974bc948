/** The text of an answer, and whether that was all of it. */
export type BoundedText = { readonly text: string; readonly complete: boolean };

/**
 * Reads the first `maxBytes` bytes of an answer's body as UTF-8, and no more than a piece beyond them. Who leaves something
 * unread cancels the body. Rejects with the error of the network, or of the signal that the request was made with.
 */
export async function readBounded(response: Response, maxBytes: number): Promise<BoundedText> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) return { text: '', complete: true };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { text: decode(chunks, maxBytes), complete: true };
      chunks.push(value);
      sizeBytes += value.byteLength;
      if (sizeBytes > maxBytes) return { text: decode(chunks, maxBytes), complete: false };
    }
  } finally {
    reader.releaseLock();
  }
}

function decode(chunks: readonly Uint8Array[], maxBytes: number): string {
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
}
