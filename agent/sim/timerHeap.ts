/** Something that is due at a time; `fire` is null when it was called off. */
export type Timer = { readonly at: number; readonly order: number; fire: (() => void) | null };

/** A binary heap of timers: the earliest first, of equal ones the one that was set first. */
export class TimerHeap {
  readonly #timers: Timer[] = [];
  #set = 0;

  get size(): number {
    return this.#timers.length;
  }

  add(at: number, fire: () => void): Timer {
    const timer: Timer = { at, order: this.#set, fire };
    this.#set += 1;
    this.#timers.push(timer);
    this.#rise(this.#timers.length - 1);
    return timer;
  }

  peek(): Timer | undefined {
    return this.#timers[0];
  }

  pop(): Timer | undefined {
    const timers = this.#timers;
    const [first] = timers;
    const last = timers.pop();
    if (last !== undefined && timers.length > 0) {
      timers[0] = last;
      this.#sink();
    }
    return first;
  }

  #rise(from: number): void {
    const timers = this.#timers;
    const moving = timers[from];
    if (moving === undefined) return;
    let index = from;
    while (index > 0) {
      const up = (index - 1) >> 1;
      const parent = timers[up];
      if (parent === undefined || !isBefore(moving, parent)) break;
      timers[index] = parent;
      index = up;
    }
    timers[index] = moving;
  }

  #sink(): void {
    const timers = this.#timers;
    const moving = timers[0];
    if (moving === undefined) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const one = timers[left];
      if (one === undefined) break;
      const other = timers[left + 1];
      const down = other !== undefined && isBefore(other, one) ? left + 1 : left;
      const child = down === left ? one : other;
      if (child === undefined || !isBefore(child, moving)) break;
      timers[index] = child;
      index = down;
    }
    timers[index] = moving;
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
