/** One piece of work for all who ask for it while it is under way. */
export function shared<T>(
  underWay: Map<string, Promise<T>>,
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const running = underWay.get(key);
  if (running !== undefined) return running;
  const started = work().finally(() => underWay.delete(key));
  underWay.set(key, started);
  return started;
}
