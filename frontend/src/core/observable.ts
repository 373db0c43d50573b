/** The whole coupling between parts: a value that tells who asked when it changes. */

export type Unsubscribe = () => void;

export class Observable<T> {
  private readonly listeners = new Set<(value: T) => void>();
  private current: T;

  constructor(initial: T) {
    this.current = initial;
  }

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    if (value === this.current) return;
    this.current = value;
    for (const listener of [...this.listeners]) listener(value);
  }

  /** Calls back at once with the value of now, then at each change. */
  watch(listener: (value: T) => void): Unsubscribe {
    listener(this.current);
    return this.changed(listener);
  }

  changed(listener: (value: T) => void): Unsubscribe {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
