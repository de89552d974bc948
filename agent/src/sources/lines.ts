/** A line that is longer than this is no message that anybody here waits for. */
const LINE_BYTES_MAX = 1024 * 1024;

/**
 * The lines of a byte stream, without their ends. What stands after the last end is no line yet, and is left out.
 *
 * @throws Error when a line has more than 1 MiB.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_BYTES_MAX) throw new Error(`a line has more than ${LINE_BYTES_MAX} bytes`);
    yield* lines;
  }
}
