/** An alarm in the queue: set for `at`, to ring at `due`; both wall clock, milliseconds. */
export type QueuedAlarm = { readonly incident: string; readonly at: number; readonly due: number };

/** A binary heap: the alarm that is due first comes first. */
export class AlarmQueue {
  readonly #heap: QueuedAlarm[] = [];

  peek(): QueuedAlarm | null {
    return this.#heap[0] ?? null;
  }

  add(alarm: QueuedAlarm): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(alarm);
    while (index > 0) {
      const up = (index - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || parent.due <= alarm.due) break;
      heap[index] = parent;
      heap[up] = alarm;
      index = up;
    }
  }

  pop(): QueuedAlarm | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length === 0) return first;
    heap[0] = last;
    let index = 0;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const one = heap[left];
      if (one === undefined) return first;
      const other = heap[right];
      const [child, below] = other !== undefined && other.due < one.due ? [right, other] : [left, one];
      if (last.due <= below.due) return first;
      heap[index] = below;
      heap[child] = last;
      index = child;
    }
  }
}
