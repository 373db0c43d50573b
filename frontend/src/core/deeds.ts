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
  /** By report: the last thing that is being done to it. */
  private readonly turns = new Map<string, Promise<unknown>>();
  /** By report: the versions made here. */
  private readonly versions = new Map<string, Set<number>>();

  /** Something is being done: taking back waits for it, so that it means what was pressed last. */
  during<T>(act: Promise<T>): Promise<T> {
    const tracked = act.finally(() => this.under.delete(tracked));
    this.under.add(tracked);
    return tracked;
  }

  /** Two quick keys are two changes of one report, one after the other. */
  inTurn<T>(id: string, act: () => Promise<T>): Promise<T> {
    const before = this.turns.get(id) ?? Promise.resolve();
    const mine: Promise<T> = before.then(act, act).finally(() => {
      if (this.turns.get(id) === mine) this.turns.delete(id);
    });
    this.turns.set(id, mine);
    return this.during(mine);
  }

  made({ id, version }: Changed): void {
    this.versions.set(id, (this.versions.get(id) ?? new Set()).add(version));
  }

  /** Whether nobody else has changed it from the version seen to the one there is now. */
  isOwn(id: string, seen: number, now: number): boolean {
    const made = this.versions.get(id);
    for (let version = seen + 1; version <= now; version += 1) {
      if (!made?.has(version)) return false;
    }
    return true;
  }

  async settled(): Promise<void> {
    while (this.under.size > 0) await Promise.allSettled([...this.under]);
  }

  did(deed: Deed): void {
    for (const changed of deed.reports) this.made(changed);
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
