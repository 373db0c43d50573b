/** What the desk knows and what the operator has chosen; the parts of the page watch it. */

import type { Api } from "../core/api.ts";
import { inArea } from "../core/area.ts";
import { Behind } from "../core/behind.ts";
import { Deeds } from "../core/deeds.ts";
import {
  contextAt,
  type Filter,
  type FilterContext,
  matches,
  NO_FILTER,
  type Order,
  type Split,
} from "../core/filter.ts";
import type { Box } from "../core/geometry.ts";
import { listQuery } from "../core/list_query.ts";
import { Observable } from "../core/observable.ts";
import { isReport, type Report } from "../core/report.ts";
import { type Rows, WholeRows } from "../core/rows.ts";
import { serverNow } from "../core/server_clock.ts";
import { Store } from "../core/store.ts";
import { NO_TALLY, type Tally } from "../core/tally.ts";
import { Ticks } from "../core/ticks.ts";
import { Vocabulary } from "../core/vocabulary.ts";
import { Window } from "../core/window.ts";
import { Claims } from "./claims.ts";
import { runFilterClock } from "./filter_clock.ts";
import { fetchReport } from "./missing.ts";
import { Newcomers } from "./newcomers.ts";
import type { PageData } from "./page_data.ts";
import { Remembered } from "./remembered.ts";
import { UrgentCounts } from "./urgent_counts.ts";
import { Whole } from "./whole.ts";

export type Tab = keyof Split;

/** Three views full of marks; some 20 MB. */
const MOST_AT_HAND = 6_000;

export class Desk {
  readonly store = new Store<Report>("report", isReport);
  readonly words: Vocabulary;
  readonly newcomers: Newcomers;
  readonly memory: Remembered;
  readonly selected = new Observable<string | null>(null);
  readonly filter = new Observable<Filter>(NO_FILTER);
  /** What filters ask of the clock and of this person, beside the report itself. */
  readonly context: Observable<FilterContext>;
  readonly ownAreaOnly: Observable<boolean>;
  readonly order = new Observable<Order>("newest");
  readonly tab = new Observable<Tab>("inside");
  readonly view: Observable<Box>;
  /** All reports, or in a large incident the first, are here: an empty store has none. */
  readonly begun = new Observable<boolean>(false);
  /** More reports than the page holds: the store has a part, lists and counts are the server's. */
  readonly large = new Observable<boolean>(false);
  /** In a large incident: which reports stay in the store. Who shows some says so: `need`. */
  readonly window = new Window(MOST_AT_HAND);
  /** Too many in view for a mark each: tiles show them, and `shown` what they do not know yet. */
  readonly clustered = new Observable<boolean>(false);
  /** In a large incident: when its first report was received (ms since 1970). */
  firstAt: number | null = null;
  /** How far the feed has told of reports. */
  readonly feedAt = new Observable<number>(0);
  /** Position in the feed up to which the tiles in sight hold everything. */
  readonly tilesHold = new Observable<number>(0);
  /**
   * One mark each on the map: what filters let through, in order; in a large incident what of it
   * lies in view, and beside tiles only what they do not know yet.
   */
  readonly shown = new Observable<readonly Report[]>([]);
  /** What the list shows: one tab, in order. */
  readonly rows = new Observable<Rows>(new WholeRows([]));
  /** How many there are; parts of the page never count the store themselves. */
  readonly tally = new Observable<Tally>(NO_TALLY);
  /** Of the whole incident, whatever area and filters: nobody has accepted these. Newest first. */
  readonly urgent = new Observable<readonly Report[]>([]);
  /** How many these are where the page holds a part of them. */
  readonly urgentCounts: UrgentCounts;
  /** Chosen for a change at once. */
  readonly ticks = new Ticks();
  /** What a person asked for and the server has not told yet. */
  readonly behind = new Behind();
  /** Closes what lies open on the map: Esc does that first. */
  readonly closePopup = new Observable<(() => void) | null>(null);
  /** What was done here, to be taken back. */
  readonly deeds = new Deeds();
  readonly claims: Claims;
  readonly page: PageData;
  readonly api: Api;

  constructor(page: PageData, api: Api, view: Observable<Box>) {
    this.page = page;
    this.api = api;
    this.view = view;
    this.words = new Vocabulary(page.vocabulary);
    const organisations = new Map(page.organisations.map(({ slug, name }) => [slug, name]));
    this.context = new Observable<FilterContext>({ ...contextAt(serverNow()), organisations });
    this.memory = new Remembered(`${page.user}.${page.incident.slug}`);
    this.newcomers = new Newcomers(this.memory);
    this.ownAreaOnly = new Observable(page.area.length > 0);
    this.claims = new Claims(this);
    this.urgentCounts = new UrgentCounts(api, page.urls.counts, page.review.alarm_after_s);
    new Whole(this);
    runFilterClock(this);
  }

  get mayEdit(): boolean {
    return this.page.audience === "hq";
  }

  get report(): Report | null {
    return this.selected.value === null ? null : this.store.get(this.selected.value);
  }

  /** The rows at hand; in a large incident there are more. */
  get listed(): readonly Report[] {
    return this.rows.value.known;
  }

  open(id: string): void {
    this.newcomers.seen(id);
    this.selected.set(id);
    if (!this.store.get(id)) void fetchReport(id, this);
  }

  close(): void {
    this.selected.set(null);
  }

  /** +1 the next in the list, -1 the one before; from nothing the first. */
  step(by: 1 | -1): void {
    const rows = this.rows.value;
    const at = this.selected.value === null ? -1 : rows.indexOf(this.selected.value);
    const next = rows.at(at === -1 ? 0 : at + by);
    if (next) this.open(next.id);
  }

  /** Everything in the own area, whatever the filters: what counts are made of. */
  get mine(): Report[] {
    return this.store.all().filter((report) => this.isMine(report));
  }

  /** Whether area and filters let it through. */
  lets(report: Report): boolean {
    return this.isMine(report) && matches(report, this.filter.value, this.context.value);
  }

  /** The same for the server's lists, counts and tiles. */
  get query(): URLSearchParams {
    return listQuery(this.filter.value, this.ownAreaOnly.value ? this.page.area : []);
  }

  private isMine(report: Report): boolean {
    if (!this.ownAreaOnly.value) return true;
    return inArea(report.properties.municipality ?? null, this.page.area);
  }
}
