/** What was done last at this desk, to be taken back in turn. */

import { Observable } from "./observable.ts";

/** version: what the change made it; another one since is somebody else's, and not taken back. */
export interface Changed {
  readonly id: string;
  readonly version: number;
  /** What it was made from, where that is not the version before: something was taken back since. */
  readonly from?: number;
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
  private takingBack: Promise<unknown> = Promise.resolve();
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

  /** Taking back: one after the other, each once all is done that was pressed before it. */
  afterAll<T>(act: () => Promise<T>): Promise<T> {
    const wait = () => this.settled();
    const mine = this.takingBack.then(wait, wait).then(act);
    this.takingBack = mine;
    return mine;
  }

  did(deed: Deed): void {
    for (const changed of deed.reports) this.made(changed);
    this.kept = [...this.kept, deed].slice(-MOST);
    this.show();
  }

  take(): Deed | null {
    const deed = this.kept.pop() ?? null;
    this.show();
    return deed;
  }

  /**
   * The last change of these was taken back, which made a version of its own: it is as the one that
   * the change was made from. What was done here to make that one can be taken back next; what
   * somebody else has changed in between keeps its version, and is refused.
   */
  undone(taken: readonly Changed[]): void {
    for (const changed of taken) {
      this.kept = this.kept.map((deed) => without(deed, changed)).filter(isLeft);
    }
    this.show();
  }

  /** The change that made this version, if it was made here and can still be taken back. */
  deedOf({ id, version }: Changed): readonly Changed[] {
    const all = this.kept.flatMap(({ reports }) => reports);
    return all.filter((one) => one.id === id && one.version === version);
  }

  private show(): void {
    this.last.set(this.kept.at(-1) ?? null);
  }
}

/** The deed without what was taken back; what was done before that stands at the version of now. */
function without(deed: Deed, taken: Changed): Deed {
  const others = deed.reports.filter((one) => one.id !== taken.id || one.version !== taken.version);
  return { ...deed, reports: others.map((one) => raised(one, taken)) };
}

function raised(one: Changed, taken: Changed): Changed {
  if (one.id !== taken.id || one.version !== madeFrom(taken)) return one;
  return { ...one, version: taken.version + 1, from: madeFrom(one) };
}

function madeFrom({ version, from }: Changed): number {
  return from ?? version - 1;
}

function isLeft({ reports }: Deed): boolean {
  return reports.length > 0;
}
