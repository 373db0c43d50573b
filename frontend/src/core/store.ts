/** What this page knows: whole objects by id. The higher seq wins, twice is harmless. */

import type { Gone, Item } from "./frames.ts";

export interface StoreChange<T> {
  /** Never seen before by this store. */
  readonly added: readonly T[];
  readonly updated: readonly T[];
  readonly removed: readonly string[];
}

export type Reader<T> = (value: unknown) => value is T;

interface Kept<T> {
  readonly seq: number;
  readonly value: T;
}

/** What was here: an older item that arrives late must not bring it back. */
interface Past {
  readonly seq: number;
  /** false: only let go of, so that the same may come again. */
  readonly gone: boolean;
}

/** Answers on their way are younger than so many changes. */
const MOST_PAST = 20_000;

export class Store<T extends { readonly id: string }> {
  private readonly kept = new Map<string, Kept<T>>();
  private readonly past = new Map<string, Past>();
  private readonly listeners = new Set<(change: StoreChange<T>) => void>();
  private readonly kind: string;
  private readonly isMine: Reader<T>;

  constructor(kind: string, isMine: Reader<T>) {
    this.kind = kind;
    this.isMine = isMine;
  }

  get(id: string): T | null {
    return this.kept.get(id)?.value ?? null;
  }

  all(): T[] {
    return [...this.kept.values()].map(({ value }) => value);
  }

  get size(): number {
    return this.kept.size;
  }

  changed(listener: (change: StoreChange<T>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Applies one frame (or a part of a snapshot) and tells listeners once, if anything changed. */
  apply(items: readonly Item[], gone: readonly Gone[] = []): StoreChange<T> {
    const added: T[] = [];
    const updated: T[] = [];
    for (const item of items) this.take(item, added, updated);
    const removed = gone.filter((entry) => this.drop(entry)).map((entry) => entry.id);
    return this.tell({ added, updated, removed });
  }

  /** A new snapshot replaces everything, seqs of another epoch too: what is not in it is gone. */
  replace(items: readonly Item[]): StoreChange<T> {
    const before = new Set(this.all().map((value) => value.id));
    this.kept.clear();
    this.past.clear();
    const now: T[] = [];
    for (const item of items) this.take(item, now, now);
    const removed = [...before].filter((id) => this.get(id) === null);
    const added = now.filter((value) => !before.has(value.id));
    return this.tell({ added, updated: now.filter((value) => before.has(value.id)), removed });
  }

  /** Lets go of these to save memory: nobody is told, as they are not gone. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) {
      const { seq } = this.kept.get(id) ?? {};
      if (seq === undefined) continue;
      this.kept.delete(id);
      this.remember(id, { seq, gone: false });
    }
  }

  private take(item: Item, added: T[], updated: T[]): void {
    if (item.kind !== this.kind || !this.isMine(item.feature) || this.isOld(item)) return;
    (this.kept.has(item.id) ? updated : added).push(item.feature);
    this.kept.set(item.id, { seq: item.seq, value: item.feature });
    this.past.delete(item.id);
  }

  private isOld({ id, seq }: Item): boolean {
    const past = this.past.get(id);
    if (past && (past.gone ? past.seq >= seq : past.seq > seq)) return true;
    const before = this.kept.get(id);
    return before !== undefined && before.seq >= seq;
  }

  private drop({ kind, id, seq }: Gone): boolean {
    const [before, past] = [this.kept.get(id), this.past.get(id)];
    if (kind !== this.kind || Math.max(before?.seq ?? -1, past?.seq ?? -1) >= seq) return false;
    this.remember(id, { seq, gone: true });
    // what was only let go of may still stand in a list
    return this.kept.delete(id) || past?.gone === false;
  }

  private remember(id: string, past: Past): void {
    this.past.delete(id);
    this.past.set(id, past);
    if (this.past.size <= MOST_PAST) return;
    const [oldest] = this.past.keys();
    if (oldest !== undefined) this.past.delete(oldest);
  }

  private tell(change: StoreChange<T>): StoreChange<T> {
    const silent = change.added.length + change.updated.length + change.removed.length === 0;
    if (!silent) for (const listener of [...this.listeners]) listener(change);
    return change;
  }
}
