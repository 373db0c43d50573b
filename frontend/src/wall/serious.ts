/** The serious reports that are open, as many as the screen holds; nothing to scroll or press. */

import { ngettext, number, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { isUrgent } from "../core/tally.ts";
import { timeAgo } from "../core/times.ts";
import { serious } from "../core/wall.ts";
import { byId, el } from "../dom/element.ts";
import type { Desk } from "../hq/desk.ts";
import { placeWords, what } from "../hq/row.ts";
import { reportMark } from "../map/report_icon.ts";

/** More than any screen holds. */
const MOST = 30;

export class SeriousList {
  private readonly desk: Desk;
  private readonly rows = byId("wall-rows");

  constructor(desk: Desk) {
    this.desk = desk;
    desk.shown.watch(() => this.draw());
    desk.selected.changed(() => this.draw());
    new ResizeObserver(() => this.fit()).observe(this.rows);
    // ages in words go stale by themselves
    setInterval(() => this.draw(), 30_000);
  }

  private draw(): void {
    const found = serious(this.desk.shown.value);
    const rows = found.slice(0, MOST).map((report) => this.row(report));
    this.rows.replaceChildren(...rows);
    byId("wall-serious").textContent = number(found.length);
    byId("wall-empty").hidden = found.length > 0;
    this.rows.dataset.all = String(found.length);
    this.fit();
  }

  /** A row that is cut in half is none. */
  private fit(): void {
    const rows = [...this.rows.children] as HTMLElement[];
    for (const row of rows) row.hidden = false;
    const end = this.rows.getBoundingClientRect().bottom;
    const isCut = (row: HTMLElement) => row.getBoundingClientRect().bottom > end + 1;
    const cut = rows.filter(isCut);
    for (const row of cut) row.hidden = true;
    const more = Number(this.rows.dataset.all ?? 0) - (rows.length - cut.length);
    byId("wall-more").hidden = more <= 0;
    byId("wall-more").textContent = ngettext("and {n} more", "and {n} more", more);
  }

  private row(report: Report): HTMLElement {
    const { words } = this.desk;
    const { received_at, status, severity } = report.properties;
    const isShown = report.id === this.desk.selected.value;
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
