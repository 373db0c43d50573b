/** What has come in since the page opened: told from an older report that was changed. */

import type { Report } from "./report.ts";

/** Two that come in at once may be told in either order (ms). */
const SLACK_MS = 60_000;
const MOST = 5_000;

export class Arrivals {
  /** Position in the feed at which each was told first. */
  private readonly first = new Map<string, number>();
  private newest: number;

  /** since: when the newest report known so far was received (ms since 1970). */
  constructor(since: number) {
    this.newest = since;
  }

  /** Of these, which the page has never seen before, those that are new to everybody. */
  take(unknown: readonly Report[]): Report[] {
    const found = unknown.filter((report) => this.isNew(report));
    for (const { id, properties } of found) {
      this.first.set(id, properties.seq);
      this.newest = Math.max(this.newest, Date.parse(properties.received_at));
    }
    for (const id of this.first.keys()) {
      if (this.first.size <= MOST) break;
      this.first.delete(id);
    }
    return found;
  }

  /** Everything up to this position is drawn otherwise. */
  held(seq: number): void {
    for (const [id, first] of this.first) if (first <= seq) this.first.delete(id);
  }

  get ids(): Iterable<string> {
    return this.first.keys();
  }

  private isNew({ id, properties }: Report): boolean {
    return !this.first.has(id) && Date.parse(properties.received_at) > this.newest - SLACK_MS;
  }
}
