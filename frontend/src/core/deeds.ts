/** What was done last at this desk, to be taken back in turn. */

import { Observable } from "./observable.ts";

/** version: what the change made it; another one since is somebody else's, and not taken back. */
export interface Changed {
  readonly id: string;
  readonly version: number;
}

export interface Deed {
  readonly words: string;
  readonly reports: readonly Changed[];
}

/** Whoever goes back further than this looks into the history. */
const MOST = 30;

export class Deeds {
  /** What U would take back. */
  readonly last = new Observable<Deed | null>(null);
  private kept: Deed[] = [];
  private readonly under: Set<Promise<unknown>> = new Set();

  /** Something is being done: taking back waits for it, so that it means what was pressed last. */
  during<T>(act: Promise<T>): Promise<T> {
    const tracked = act.finally(() => this.under.delete(tracked));
    this.under.add(tracked);
    return tracked;
  }

  async settled(): Promise<void> {
    while (this.under.size > 0) await Promise.allSettled([...this.under]);
  }

  did(deed: Deed): void {
    this.kept = [...this.kept, deed].slice(-MOST);
    this.show();
  }

  take(): Deed | null {
    const deed = this.kept.pop() ?? null;
    // undoing makes a version of its own: what was done to these before has another one above it
    const touched = new Set(deed?.reports.map(({ id }) => id));
    this.kept = this.kept.filter(({ reports }) => !reports.some(({ id }) => touched.has(id)));
    this.show();
    return deed;
  }

  private show(): void {
    this.last.set(this.kept.at(-1) ?? null);
  }
}
