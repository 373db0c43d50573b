/** The serious reports that are open, as many as the screen holds; nothing to scroll or press. */

import { ngettext, number, t } from "../core/language.ts";
import type { Observable } from "../core/observable.ts";
import type { Report } from "../core/report.ts";
import { OPEN } from "../core/statuses.ts";
import { isUrgent } from "../core/tally.ts";
import { timeAgo } from "../core/times.ts";
import { SERIOUS, serious } from "../core/wall.ts";
import { byId, el } from "../dom/element.ts";
import { unique } from "../hq/board_source.ts";
import type { Desk } from "../hq/desk.ts";
import { placeWords, what } from "../hq/row.ts";
import { ServerList } from "../hq/server_list.ts";
import { reportMark } from "../map/report_icon.ts";

/** More than any screen holds. */
const MOST = 30;
const QUERIES = [{ severity: SERIOUS.join(",") }, { category: "rescue" }];

function asked(desk: Desk, query: Readonly<Record<string, string>>): URLSearchParams {
  const whole = { ...query, status: OPEN.join(","), order: "newest", limit: String(MOST) };
  return new URLSearchParams({ ...Object.fromEntries(desk.query), ...whole });
}

export class SeriousList {
  private readonly desk: Desk;
  private readonly shown: Observable<string | null>;
  private readonly rows = byId("wall-rows");
  /** Of a large incident; the two together are what is serious. */
  private readonly lists: readonly ServerList[];
  private count = 0;

  /** shown: which one the map has gone to. */
  constructor(desk: Desk, shown: Observable<string | null>) {
    this.desk = desk;
    this.shown = shown;
    this.lists = QUERIES.map((query) => new ServerList(desk, () => asked(desk, query)));
    for (const list of this.lists) {
      list.turn(true);
      list.items.changed(() => this.draw());
    }
    desk.shown.watch(() => this.draw());
    desk.tally.changed(() => this.draw());
    shown.changed(() => this.draw());
    new ResizeObserver(() => this.fit()).observe(this.rows);
    // ages in words go stale by themselves
    setInterval(() => this.draw(), 30_000);
  }

  private draw(): void {
    const found = serious(this.reports);
    const rows = found.slice(0, MOST).map((report) => this.row(report));
    this.rows.replaceChildren(...rows);
    this.count = found.length;
    byId("wall-serious").textContent = this.atLeast(found.length);
    byId("wall-empty").hidden = found.length > 0 || !this.isKnown;
    this.fit();
  }

  /** "30+" where the lists hold the first ones only. */
  private atLeast(n: number): string {
    const isPart = this.desk.large.value && this.lists.some(({ length }) => length >= MOST);
    return `${number(n)}${isPart ? "+" : ""}`;
  }

  /** Whether "none" is a word of the server's. */
  private get isKnown(): boolean {
    const { large, tally } = this.desk;
    return large.value ? this.lists.every(({ isRead }) => isRead) : tally.value.known;
  }

  private get reports(): readonly Report[] {
    const { large, shown, urgent } = this.desk;
    if (!large.value) return shown.value;
    const called = urgent.value.filter((report) => this.desk.lets(report));
    return unique([...called, ...this.lists.flatMap((list) => list.items.value)]);
  }

  /** A row that is cut in half is none. */
  private fit(): void {
    const rows = [...this.rows.children] as HTMLElement[];
    for (const row of rows) row.hidden = false;
    const end = this.rows.getBoundingClientRect().bottom;
    const isCut = (row: HTMLElement) => row.getBoundingClientRect().bottom > end + 1;
    const cut = rows.filter(isCut);
    for (const row of cut) row.hidden = true;
    const more = this.count - (rows.length - cut.length);
    byId("wall-more").hidden = more <= 0;
    const n = this.atLeast(more);
    byId("wall-more").textContent = ngettext("and {n} more", "and {n} more", more, { n });
  }

  private row(report: Report): HTMLElement {
    const { words } = this.desk;
    const { received_at, status, severity } = report.properties;
    const isShown = report.id === this.shown.value;
    const state = isUrgent(report)
      ? el("strong", { class: "wall-unaccepted" }, t("Not accepted"))
      : el("span", {}, words.label("status", status));
    return el(
      "li",
      { class: "wall-row", "data-report": report.id, "aria-current": isShown ? "true" : null },
      el("span", { class: "row-mark" }, reportMark(report, words) as unknown as HTMLElement),
      el("span", { class: "unseen" }, words.label("severity", severity)),
      el("span", { class: "wall-what" }, what(report, words)),
      el("span", { class: "wall-where" }, placeWords(report)),
      el("span", { class: "wall-when" }, timeAgo(received_at, Date.now()), state),
    );
  }
}
