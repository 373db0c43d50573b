/** Much work in short pieces: a thousand marks at once would stop the hand that drags the map. */

/** A piece is broken off after so long; the rest goes on after whatever else waits (ms). */
const SLICE_MS = 24;

export class Slices<T> {
  private readonly work: (item: T) => void;
  private waiting: readonly T[] = [];
  private later: ReturnType<typeof setTimeout> | undefined;

  constructor(work: (item: T) => void) {
    this.work = work;
  }

  /** Instead of what still waits; the first piece is done before this returns. */
  begin(items: readonly T[]): void {
    this.waiting = items;
    this.some();
  }

  private some(): void {
    clearTimeout(this.later);
    const until = performance.now() + SLICE_MS;
    let done = 0;
    for (const item of this.waiting) {
      if (performance.now() > until) break;
      this.work(item);
      done += 1;
    }
    this.waiting = this.waiting.slice(done);
    if (this.waiting.length > 0) this.later = setTimeout(() => this.some());
  }
}
