/** The list of a large incident: pages of the server as far as somebody scrolls, changes on top. */

import { sideOf } from "../core/filter.ts";
import { Listing } from "../core/listing.ts";
import { PacedReading } from "../core/pacing.ts";
import type { Report } from "../core/report.ts";
import type { Rows } from "../core/rows.ts";
import { askedTab } from "./asked.ts";
import type { Desk } from "./desk.ts";
import { keep, type Page, readPage } from "./pages.ts";

const PAGE_SIZE = 100;
/** The next page is asked for so many rows before its end. */
const AHEAD = 30;
/** Rows that say that more is on its way. */
const COMING = 3;
const MOST_ROWS = 3_000;

export class PagedList {
  readonly reading = new PacedReading((unwanted) => this.readFirst(unwanted));
  private listing = new Listing("newest");
  private readonly desk: Desk;
  private query = new URLSearchParams();
  /** What the feed told while a page was on its way, which may not know of it. */
  private readonly meanwhile = new Set<string>();
  private waiting = 0;
  private busy = false;
  private lastSeen = 0;

  constructor(desk: Desk) {
    this.desk = desk;
  }

  /** These are now as the store has them, or gone. */
  changed(ids: Iterable<string>): void {
    let differs = false;
    for (const id of ids) {
      if (this.waiting > 0) this.meanwhile.add(id);
      if (this.takeOne(id)) differs = true;
    }
    if (differs) this.publish();
    // what a night has brought is not kept for somebody who looks at the top
    if (this.listing.length > MOST_ROWS && this.lastSeen < PAGE_SIZE) this.reading.soon();
  }

  /** Other reports belong here than a moment ago; whoever is far down keeps their place. */
  elapsed(): void {
    this.changed(this.desk.store.all().map((report) => report.id));
    if (this.lastSeen < PAGE_SIZE) this.reading.soon();
  }

  publish(): void {
    const total = this.desk.tally.value.split[this.desk.tab.value];
    this.desk.rows.set(new PagedRows(this.desk, this.listing, total, this.sight));
  }

  private async readFirst(unwanted: AbortSignal): Promise<void> {
    const { desk } = this;
    const [listing, query] = [new Listing(desk.order.value), askedTab(desk, desk.tab.value)];
    query.set("order", desk.order.value);
    const page = await this.page(query, null, unwanted);
    if (unwanted.aborted) return;
    [this.listing, this.query] = [listing, query];
    this.append(page.features, page.cursor);
  }

  private append(features: readonly Report[], cursor: string | null): void {
    const kept = keep(this.desk, features).filter((report) => this.belongs(report));
    this.listing.append(kept, features.at(-1) ?? null, cursor);
    this.catchUp();
  }

  private catchUp(): void {
    for (const id of this.meanwhile) this.takeOne(id);
    if (this.waiting === 0) this.meanwhile.clear();
    this.publish();
  }

  private async page(
    query: URLSearchParams,
    cursor: string | null,
    unwanted?: AbortSignal,
  ): Promise<Page> {
    this.waiting += 1;
    try {
      return await readPage(this.desk, query, { cursor, limit: String(PAGE_SIZE) }, unwanted);
    } finally {
      this.waiting -= 1;
    }
  }

  private takeOne(id: string): boolean {
    const report = this.desk.store.get(id);
    return report ? this.listing.take(report, this.belongs(report)) : this.listing.drop(id);
  }

  private belongs(report: Report): boolean {
    const { desk } = this;
    return desk.lets(report) && sideOf(report, desk.view.value) === desk.tab.value;
  }

  private readonly sight = (first: number, last: number): void => {
    const { listing, desk } = this;
    this.lastSeen = last;
    const ids: string[] = [];
    let hole = -1;
    for (let at = first; at < Math.min(last, listing.length); at++) {
      const id = listing.idAt(at) as string;
      ids.push(id);
      if (hole === -1 && !desk.store.get(id)) hole = at;
    }
    desk.window.need("list", ids);
    if (hole !== -1) void this.readOn(listing.startOf(hole), false);
    else if (last + AHEAD > listing.length && listing.next) void this.readOn(listing.next, true);
  };

  /** isNew: the page after the last; else one whose reports have been let go of. */
  private async readOn(cursor: string | null, isNew: boolean): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const { listing } = this;
    try {
      const page = await this.page(this.query, cursor);
      if (listing !== this.listing) return;
      if (isNew) this.append(page.features, page.cursor);
      else this.fill(cursor, page);
    } catch {
      // asked for again when the rows are drawn again
    } finally {
      this.busy = false;
    }
  }

  private fill(from: string | null, { features, cursor }: Page): void {
    const kept = keep(this.desk, features).filter((report) => this.belongs(report));
    this.listing.refill(from, kept, features.at(-1) ?? null, cursor);
    this.catchUp();
  }
}

class PagedRows implements Rows {
  readonly sight: (first: number, last: number) => void;
  private readonly desk: Desk;
  private readonly listing: Listing;
  private readonly counted: number;

  constructor(desk: Desk, listing: Listing, counted: number, sight: PagedRows["sight"]) {
    this.desk = desk;
    this.listing = listing;
    this.counted = counted;
    this.sight = sight;
  }

  get length(): number {
    return this.listing.length + (this.listing.next ? COMING : 0);
  }

  get total(): number {
    const { length, complete } = this.listing;
    return complete ? length : Math.max(length, this.counted);
  }

  at(index: number): Report | null {
    const id = this.listing.idAt(index);
    return id === null ? null : this.desk.store.get(id);
  }

  indexOf(id: string): number {
    return this.listing.indexOf(id);
  }

  get known(): readonly Report[] {
    const found: Report[] = [];
    for (let at = 0; at < this.listing.length; at++) {
      const report = this.at(at);
      if (report) found.push(report);
    }
    return found;
  }
}
