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
  /** null is the tombstone: an older item that arrives late must not bring it back. */
  readonly value: T | null;
}

export class Store<T extends { readonly id: string }> {
  private readonly kept = new Map<string, Kept<T>>();
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
    return [...this.kept.values()].flatMap((kept) => (kept.value === null ? [] : [kept.value]));
  }

  get size(): number {
    return this.all().length;
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
    const now: T[] = [];
    for (const item of items) this.take(item, now, now);
    const removed = [...before].filter((id) => this.get(id) === null);
    const added = now.filter((value) => !before.has(value.id));
    return this.tell({ added, updated: now.filter((value) => before.has(value.id)), removed });
  }

  private take(item: Item, added: T[], updated: T[]): void {
    if (item.kind !== this.kind || !this.isMine(item.feature)) return;
    const before = this.kept.get(item.id);
    if (before && before.seq >= item.seq) return;
    this.kept.set(item.id, { seq: item.seq, value: item.feature });
    (before?.value ? updated : added).push(item.feature);
  }

  private drop(entry: Gone): boolean {
    if (entry.kind !== this.kind) return false;
    const before = this.kept.get(entry.id);
    if (before && before.seq >= entry.seq) return false;
    this.kept.set(entry.id, { seq: entry.seq, value: null });
    return before !== undefined && before.value !== null;
  }

  private tell(change: StoreChange<T>): StoreChange<T> {
    const silent = change.added.length + change.updated.length + change.removed.length === 0;
    if (!silent) for (const listener of [...this.listeners]) listener(change);
    return change;
  }
}
