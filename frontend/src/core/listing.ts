/**
 * A long list of which the first pages are known: what stands in it and in which order. Pages come
 * from the server, changes from the feed; nothing is in it twice, and what a change moves is moved.
 */

import type { Report } from "./report.ts";
import { compareKeys, type SortKey, sortKey } from "./sort_key.ts";

interface Start {
  /** Where it goes on after; null: from the top. */
  readonly after: SortKey | null;
  readonly cursor: string | null;
}

export class Listing {
  private readonly keys: SortKey[] = [];
  private readonly byId = new Map<string, SortKey>();
  /** Where pages begin, from the top down. */
  private readonly starts: Start[] = [{ after: null, cursor: null }];
  private readonly order: string;
  /** The end of what was read; null until something was. */
  private end: Start | null = null;

  constructor(order: string) {
    this.order = order;
  }

  get length(): number {
    return this.keys.length;
  }

  /** Whether it has been read to its end. */
  get complete(): boolean {
    return this.end !== null && this.end.cursor === null;
  }

  /** The cursor of the first page not read yet; null at the top, and when it is complete. */
  get next(): string | null {
    return this.end?.cursor ?? null;
  }

  idAt(index: number): string | null {
    return this.keys[index]?.id ?? null;
  }

  indexOf(id: string): number {
    const key = this.byId.get(id);
    return key ? this.place(key) : -1;
  }

  /** The next page in the server's order; only what still belongs is given. */
  append(reports: readonly Report[], last: Report | null, cursor: string | null): void {
    for (const report of reports) this.put(report);
    const after = last ? sortKey(last, this.order) : (this.end?.after ?? null);
    this.end = { after, cursor };
    if (cursor !== null) this.starts.push(this.end);
  }

  /** From where on to read again what stands at this place. */
  startOf(index: number): string | null {
    const key = this.keys[index];
    if (!key) return null;
    const before = this.starts.filter(
      ({ after }) => after === null || compareKeys(after, key, this.order) < 0,
    );
    return before.at(-1)?.cursor ?? null;
  }

  /**
   * A page read again from a start on: between that and where it ends nothing else stands any more,
   * and what has come in since must not push out of reach what follows.
   */
  refill(
    from: string | null,
    reports: readonly Report[],
    last: Report | null,
    cursor: string | null,
  ): void {
    const begin = this.starts.find((start) => start.cursor === from)?.after ?? null;
    const after = last ? sortKey(last, this.order) : begin;
    const end = cursor === null ? null : after;
    const there = new Set(reports.map((report) => report.id));
    for (const { id } of this.between(begin, end)) if (!there.has(id)) this.drop(id);
    if (cursor === null || after === null) this.end = { after, cursor: null };
    else this.startAt(after, cursor);
    for (const report of reports) this.take(report, true);
  }

  private between(begin: SortKey | null, end: SortKey | null): SortKey[] {
    const isAfter = (key: SortKey) => begin === null || compareKeys(key, begin, this.order) > 0;
    const isBefore = (key: SortKey) => end === null || compareKeys(key, end, this.order) <= 0;
    return this.keys.filter((key) => isAfter(key) && isBefore(key));
  }

  private startAt(after: SortKey, cursor: string): void {
    const isReached = (other: SortKey | null) =>
      other !== null && compareKeys(other, after, this.order) >= 0;
    const at = this.starts.findIndex((start) => isReached(start.after));
    const start = { after, cursor };
    if (at !== -1) {
      const isSame = this.starts[at]?.after?.id === after.id;
      this.starts.splice(at, isSame ? 1 : 0, start);
      return;
    }
    this.starts.push(start);
    // what has gone meanwhile has let the page reach further than all before
    if (!this.complete) this.end = start;
  }

  /** A report as it is now. belongs: whether it is to be listed. True if the list changed. */
  take(report: Report, belongs: boolean): boolean {
    const key = sortKey(report, this.order);
    if (!belongs || !this.reaches(key)) return this.drop(report.id);
    return this.put(report);
  }

  drop(id: string): boolean {
    const key = this.byId.get(id);
    if (!key) return false;
    this.keys.splice(this.place(key), 1);
    this.byId.delete(id);
    return true;
  }

  // What lies beyond the last page comes with the next one.
  private reaches(key: SortKey): boolean {
    if (this.end === null) return false;
    if (this.complete) return true;
    return this.end.after !== null && compareKeys(key, this.end.after, this.order) <= 0;
  }

  private put(report: Report): boolean {
    const key = sortKey(report, this.order);
    const before = this.byId.get(report.id);
    if (before && compareKeys(before, key, this.order) === 0) return false;
    this.drop(report.id);
    this.keys.splice(this.place(key), 0, key);
    this.byId.set(report.id, key);
    return true;
  }

  /** Where it stands, or would. */
  private place(key: SortKey): number {
    let [low, high] = [0, this.keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.keys[middle] as SortKey;
      if (compareKeys(other, key, this.order) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
