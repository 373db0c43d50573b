/** What the desk knows and what the operator has chosen; the parts of the page watch it. */

import type { Api } from "../core/api.ts";
import { inArea } from "../core/area.ts";
import {
  type Filter,
  matches,
  NO_FILTER,
  type Order,
  type Split,
  sorted,
  splitByView,
} from "../core/filter.ts";
import type { Box } from "../core/geometry.ts";
import { Observable } from "../core/observable.ts";
import { isReport, type Report } from "../core/report.ts";
import { Store } from "../core/store.ts";
import { isUrgent, NO_TALLY, type Tally, tallied } from "../core/tally.ts";
import { Vocabulary } from "../core/vocabulary.ts";
import { Newcomers } from "./newcomers.ts";
import type { PageData } from "./page_data.ts";
import { Remembered } from "./remembered.ts";

export type Tab = keyof Split;

export class Desk {
  readonly store = new Store<Report>("report", isReport);
  readonly words: Vocabulary;
  readonly newcomers: Newcomers;
  readonly memory: Remembered;
  readonly selected = new Observable<string | null>(null);
  readonly filter = new Observable<Filter>(NO_FILTER);
  readonly ownAreaOnly: Observable<boolean>;
  readonly order = new Observable<Order>("newest");
  readonly tab = new Observable<Tab>("inside");
  readonly view: Observable<Box>;
  /** What filters let through, in order: the map shows all of these. */
  readonly shown = new Observable<readonly Report[]>([]);
  /** The same by the map's view: the list shows one tab of these. */
  readonly split = new Observable<Split>({ inside: [], outside: [], placeless: [] });
  /** How many there are; parts of the page never count the store themselves. */
  readonly tally = new Observable<Tally>(NO_TALLY);
  /** Of the whole incident, whatever area and filters: nobody has accepted these. Newest first. */
  readonly urgent = new Observable<readonly Report[]>([]);
  readonly page: PageData;
  readonly api: Api;

  constructor(page: PageData, api: Api, view: Observable<Box>) {
    this.page = page;
    this.api = api;
    this.view = view;
    this.words = new Vocabulary(page.vocabulary);
    this.memory = new Remembered(`${page.user}.${page.incident.slug}`);
    this.newcomers = new Newcomers(this.memory);
    this.ownAreaOnly = new Observable(page.area.length > 0);
    this.follow();
  }

  get mayEdit(): boolean {
    return this.page.audience === "hq";
  }

  get report(): Report | null {
    return this.selected.value === null ? null : this.store.get(this.selected.value);
  }

  get listed(): readonly Report[] {
    return this.split.value[this.tab.value];
  }

  open(id: string): void {
    this.newcomers.seen(id);
    this.selected.set(id);
  }

  close(): void {
    this.selected.set(null);
  }

  /** +1 the next in the list, -1 the one before; from nothing the first. */
  step(by: 1 | -1): void {
    const at = this.listed.findIndex((report) => report.id === this.selected.value);
    const next = at === -1 ? this.listed[0] : this.listed[at + by];
    if (next) this.open(next.id);
  }

  /** Everything in the own area, whatever the filters: what counts are made of. */
  get mine(): Report[] {
    return this.store.all().filter((report) => this.isMine(report));
  }

  private isMine(report: Report): boolean {
    if (!this.ownAreaOnly.value) return true;
    return inArea(report.properties.municipality ?? null, this.page.area);
  }

  private follow(): void {
    const again = atNextFrame(() => this.filterAll());
    this.store.changed(again);
    this.filter.changed(again);
    this.order.changed(again);
    this.ownAreaOnly.changed(again);
    this.view.changed(() => this.splitAll());
  }

  private filterAll(): void {
    this.urgent.set(sorted(this.store.all().filter(isUrgent), "newest"));
    const kept = this.mine.filter((report) => matches(report, this.filter.value));
    this.shown.set(sorted(kept, this.order.value));
    this.splitAll();
  }

  private splitAll(): void {
    const split = splitByView(this.shown.value, this.view.value);
    this.tally.set(tallied(this.mine, this.shown.value, split));
    this.split.set(split);
  }
}

/** Many changes in one frame cost one pass; a hidden tab gets no frames, so a timer does it. */
function atNextFrame(act: () => void): () => void {
  let waiting = false;
  const run = () => {
    waiting = false;
    act();
  };
  return () => {
    if (waiting) return;
    waiting = true;
    if (document.hidden) setTimeout(run, 100);
    else requestAnimationFrame(run);
  };
}
