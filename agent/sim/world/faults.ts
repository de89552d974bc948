import type { Fault } from '../plan/plan.ts';

/** Which faults are at work at this moment. */
export class Faults {
  readonly #active = new Map<string, number>();

  begin({ kind, how }: Fault): void {
    this.#count(`${kind} ${how}`, 1);
  }

  end({ kind, how }: Fault): void {
    this.#count(`${kind} ${how}`, -1);
  }

  is<K extends Fault['kind']>(kind: K, how: Extract<Fault, { kind: K }>['how']): boolean {
    return this.#active.size > 0 && this.#active.has(`${kind} ${how}`);
  }

  #count(key: string, by: number): void {
    const count = (this.#active.get(key) ?? 0) + by;
    if (count > 0) this.#active.set(key, count);
    else this.#active.delete(key);
  }
}
