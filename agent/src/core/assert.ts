/** Thrown when something that must always hold does not; it is never caught to go on as if nothing were. */
class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** States what must hold here, in words that are worth reading when it does not. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
