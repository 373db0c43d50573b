/** The desk of an incident that no page can hold: a window on it, and the server's lists. */

import { Arrivals } from "../core/arrivals.ts";
import { hangsOnContext } from "../core/filter.ts";
import { type Pace, PacedReading } from "../core/pacing.ts";
import type { Report } from "../core/report.ts";
import { inOrder } from "../core/sort_key.ts";
import type { StoreChange } from "../core/store.ts";
import { isUrgent } from "../core/tally.ts";
import { atNextFrame } from "../dom/at_next_frame.ts";
import type { Desk } from "./desk.ts";
import { InView } from "./in_view.ts";
import { LargeCounts } from "./large_counts.ts";
import { fetchReport } from "./missing.ts";
import { PagedList } from "./paged_list.ts";
import { keep, type Position, readPage } from "./pages.ts";

/** At each end of the queue: those who wait longest, and the latest. */
const MOST_URGENT = 500;
/** Enough to know how late it is, and what came while the page was closed. */
const LATEST = { limit: "200" };
/** Counting all of them waits until the first picture has most likely been drawn (ms). */
const PICTURE_MS = 400;
const SELDOM: Pace = { everyMs: 30_000, restTimes: 20, afterFailureMs: 5_000 };

export class Large {
  private readonly desk: Desk;
  private readonly counts: LargeCounts;
  private readonly list: PagedList;
  private readonly inView: InView;
  private readonly urgent = new PacedReading((unwanted) => this.readUrgent(unwanted), SELDOM);
  private urgentAreAll = false;
  private arrivals = new Arrivals(0);

  constructor(desk: Desk) {
    this.desk = desk;
    this.list = new PagedList(desk);
    this.inView = new InView(desk, () => this.newer());
    this.counts = new LargeCounts(desk, () => {
      this.inView.counted();
      this.list.publish();
    });
    for (const { reading } of [this.list, this.counts, this.inView]) desk.behind.watch(reading);
    desk.large.changed((isLarge) => isLarge || this.stop());
    const pass = atNextFrame(() => this.pass());
    desk.store.changed((change) => this.changed(change, pass));
    for (const chosen of [desk.filter, desk.ownAreaOnly]) chosen.changed(() => this.filtered());
    for (const chosen of [desk.order, desk.tab]) chosen.changed(() => this.relist());
    desk.context.changed(() => this.elapsed());
    desk.view.changed(() => this.moved());
    desk.selected.changed((id) => {
      desk.window.need("selected", id === null ? [] : [id]);
      pass();
    });
    desk.tilesHold.changed((seq) => {
      this.arrivals.held(seq);
      pass();
    });
  }

  /** Shows the incident anew; where the feed stood then. */
  async begin(): Promise<Position> {
    const { desk } = this;
    desk.store.replace([]);
    if (desk.selected.value !== null) void fetchReport(desk.selected.value, desk);
    this.start();
    const { epoch, head, features } = await readPage(desk, new URLSearchParams(), LATEST);
    desk.begun.set(true);
    desk.feedAt.set(head);
    this.arrivals = new Arrivals(latestOf(features));
    desk.newcomers.openPart(features);
    return { epoch, head };
  }

  private async readFirst(): Promise<void> {
    const query = new URLSearchParams({ order: "oldest" });
    const { features } = await readPage(this.desk, query, { limit: "1" });
    this.desk.firstAt = Date.parse(features[0]?.properties.received_at ?? "") || null;
  }

  private start(): void {
    const { desk } = this;
    desk.large.set(true);
    desk.window.use(desk.store.all().map((report) => report.id));
    this.inView.forget();
    // most likely: the tiles need not wait for the count of what is in view
    desk.clustered.set(true);
    this.list.reading.now();
    this.urgent.now();
    this.counts.reading.settled(PICTURE_MS);
    this.readFirst().catch(() => undefined);
  }

  /** There are few now: the page counts for itself. */
  private stop(): void {
    for (const { reading } of [this.list, this.counts, this.inView]) reading.stop();
    this.urgent.stop();
    this.holdsUrgent(true);
  }

  /** The page has been open since there were few. */
  private grow(): void {
    this.arrivals = new Arrivals(latestOf(this.desk.store.all()));
    this.start();
  }

  /** What came with the feed and was not in the store: those that have just been sent. */
  arrived(added: readonly Report[]): Report[] {
    return this.arrivals.take(added);
  }

  private changed({ added, updated, removed }: StoreChange<Report>, pass: () => void): void {
    const { desk } = this;
    if (!desk.large.value) return;
    const ids = [...added, ...updated].map((report) => report.id);
    desk.window.use(ids);
    desk.window.drop(removed);
    this.list.changed([...ids, ...removed]);
    pass();
  }

  /** The feed has told something: what the server counts is not the same any more. */
  told(changes: readonly { readonly kind: string; readonly seq: number }[]): void {
    const { desk } = this;
    const seqs = changes.filter(({ kind }) => kind === "report").map(({ seq }) => seq);
    if (seqs.length === 0) return;
    desk.feedAt.set(Math.max(desk.feedAt.value, ...seqs));
    if (!desk.large.value && desk.store.size > desk.page.live_reports) this.grow();
    if (!desk.large.value) return;
    this.counts.reading.soon();
    if (!this.urgentAreAll) this.urgent.soon();
  }

  private filtered(): void {
    if (!this.desk.large.value) return;
    // what marks the filters of before have left hides at once
    this.inView.show();
    this.counts.reading.settled();
    this.list.reading.settled();
  }

  /** Time has passed, or this person has looked: nobody has asked, but other reports are meant. */
  private elapsed(): void {
    const { desk } = this;
    if (!desk.large.value || !hangsOnContext(desk.filter.value)) return;
    this.inView.show();
    this.counts.reading.soon();
    this.list.elapsed();
  }

  private relist(): void {
    if (this.desk.large.value) this.list.reading.now();
  }

  private moved(): void {
    if (!this.desk.large.value) return;
    this.inView.show();
    this.counts.reading.settled();
    if (this.desk.tab.value !== "placeless") this.list.reading.settled();
  }

  private pass(): void {
    const { desk } = this;
    if (!desk.large.value) return;
    this.showUrgent();
    this.inView.show();
    desk.store.forget(desk.window.excess());
  }

  private newer(): Report[] {
    return [...this.arrivals.ids].flatMap((id) => this.desk.store.get(id) ?? []);
  }

  private showUrgent(): void {
    const { desk } = this;
    const all = inOrder(desk.store.all().filter(isUrgent), "newest");
    const many = all.length > 2 * MOST_URGENT;
    if (many) this.holdsUrgent(false);
    const found = many ? [...all.slice(0, MOST_URGENT), ...all.slice(-MOST_URGENT)] : all;
    desk.window.need(
      "urgent",
      found.map((report) => report.id),
    );
    const before = desk.urgent.value;
    const same = found.length === before.length && found.every((one, at) => one === before[at]);
    if (!same) desk.urgent.set(found);
  }

  private holdsUrgent(all: boolean): void {
    this.urgentAreAll = all;
    this.desk.urgentCounts.turn(!all);
  }

  private async readUrgent(unwanted: AbortSignal): Promise<void> {
    const query = new URLSearchParams({ urgent: "1", order: "oldest" });
    const page = await readPage(this.desk, query, { limit: String(MOST_URGENT) }, unwanted);
    if (unwanted.aborted) return;
    this.holdsUrgent(page.cursor === null);
    keep(this.desk, page.features);
    this.showUrgent();
  }
}

function latestOf(reports: readonly Report[]): number {
  const times = reports.map((report) => Date.parse(report.properties.received_at));
  return times.reduce((a, b) => Math.max(a, b), 0);
}
