/** The list beside the map, in step with its view. Only the rows in sight exist. */

import { NO_FILTER, orderOf } from "../core/filter.ts";
import { ngettext, number, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { button, byId, el } from "../dom/element.ts";
import type { Desk, Tab } from "./desk.ts";
import { row } from "./row.ts";
import { looksOf, type RowLooks, whenLooksChange } from "./row_looks.ts";

/** Must be the height of .row in hq.css (px). */
const ROW_PX = 76;
const SPARE_ROWS = 6;

export class List {
  private readonly desk: Desk;
  private readonly box = byId("list");
  private readonly sheet = el("div", { class: "list-sheet" });
  /** Rows that are on their way from the server. */
  private readonly coming = el("div", { role: "presentation" });
  private readonly rows = new Map<string, HTMLElement>();
  private readonly drawnFor = new Map<string, string>();

  constructor(desk: Desk) {
    this.desk = desk;
    this.box.replaceChildren(this.sheet);
    this.sheet.append(this.coming);
    this.box.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.box);
    desk.rows.watch(() => this.show());
    desk.tally.changed(() => this.showTabs());
    whenLooksChange(desk, () => this.draw());
    desk.selected.changed(() => this.follow());
    // ages in words ("3 min ago") go stale by themselves
    setInterval(() => this.redraw(), 30_000);
  }

  private show(): void {
    this.showTabs();
    this.sheet.style.height = `${this.desk.rows.value.length * ROW_PX}px`;
    this.draw();
  }

  private showTabs(): void {
    const tally = this.desk.tally.value;
    for (const tab of ["inside", "outside", "placeless"] as const) {
      const control = byId(`tab-${tab}`);
      control.setAttribute("aria-selected", String(tab === this.desk.tab.value));
      const count = control.querySelector(".count");
      if (count) count.textContent = tally.known ? number(tally.split[tab]) : "";
    }
    const hidden = tally.total - tally.shown;
    byId("list-hidden").textContent =
      hidden > 0 ? ngettext("{n} hidden by filters", "{n} hidden by filters", hidden) : "";
    this.showEmpty();
  }

  private showEmpty(): void {
    const { known } = this.desk.tally.value;
    const isEmpty = known && this.desk.rows.value.total === 0;
    byId("list-empty").hidden = !isEmpty;
    if (isEmpty) byId("list-empty").replaceChildren(...this.emptyWords());
  }

  private emptyWords(): (Node | string)[] {
    const { tab } = this.desk;
    const { total, shown, split } = this.desk.tally.value;
    if (shown === 0 && total > 0) {
      const clear = () => this.desk.filter.set(NO_FILTER);
      return [
        t("The filters let no report through."),
        button(t("Clear"), clear, { class: "link" }),
      ];
    }
    if (shown === 0) return [t("No report yet. New ones appear here by themselves.")];
    if (tab.value === "placeless") return [t("Every report has a place.")];
    if (tab.value === "outside") return [t("The map shows every report.")];
    const show = button(t("Show them"), () => this.desk.tab.set("outside"), { class: "link" });
    const far = split.outside;
    return [
      ngettext("None here; {n} outside the map.", "None here; {n} outside the map.", far),
      show,
    ];
  }

  private redraw(): void {
    this.drawnFor.clear();
    this.draw();
  }

  private draw(): void {
    const rows = this.desk.rows.value;
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW_PX) - SPARE_ROWS);
    const count = Math.ceil(this.box.clientHeight / ROW_PX) + 2 * SPARE_ROWS;
    const last = Math.min(first + count, rows.length);
    const sight: [number, Report][] = [];
    const coming: number[] = [];
    for (let at = first; at < last; at++) {
      const report = rows.at(at);
      if (report) sight.push([at, report]);
      else coming.push(at);
    }
    this.coming.replaceChildren(...coming.map(comingRow));
    const wanted = new Set(sight.map(([, report]) => report.id));
    for (const id of [...this.rows.keys()]) if (!wanted.has(id)) this.drop(id);
    for (const [at, report] of sight) this.place(report, at);
    this.markSelected();
    rows.sight(first, last);
  }

  private drop(id: string): void {
    this.rows.get(id)?.remove();
    this.rows.delete(id);
    this.drawnFor.delete(id);
  }

  private place(report: Report, at: number): void {
    const made = this.rowFor(report);
    made.style.transform = `translateY(${at * ROW_PX}px)`;
    made.setAttribute("aria-posinset", String(at + 1));
    made.setAttribute("aria-setsize", String(this.desk.rows.value.total));
  }

  private rowFor(report: Report): HTMLElement {
    const looks = looksOf(report, this.desk);
    const key = `${report.properties.seq} ${JSON.stringify(looks)}`;
    const before = this.rows.get(report.id);
    if (before && this.drawnFor.get(report.id) === key) return before;
    before?.remove();
    const made = this.makeRow(report, looks);
    this.rows.set(report.id, made);
    this.drawnFor.set(report.id, key);
    this.sheet.append(made);
    return made;
  }

  private makeRow(report: Report, looks: RowLooks): HTMLElement {
    const made = row(report, this.desk.words, looks);
    made.id = `row-${report.id}`;
    made.setAttribute("role", "option");
    made.addEventListener("click", (event) => this.press(report, event));
    return made;
  }

  private press(report: Report, event: MouseEvent): void {
    const { desk } = this;
    const isTick = (event.target as Element).closest(".row-tick") !== null;
    if (!desk.mayEdit || !(isTick || event.shiftKey || event.ctrlKey || event.metaKey)) {
      desk.open(report.id);
    } else if (event.shiftKey) desk.ticks.range(report, desk.listed);
    else desk.ticks.toggle(report);
  }

  private markSelected(): void {
    const selected = this.desk.selected.value;
    for (const [id, made] of this.rows) {
      made.setAttribute("aria-selected", String(id === selected));
    }
    if (selected && this.rows.has(selected)) {
      this.box.setAttribute("aria-activedescendant", `row-${selected}`);
    } else this.box.removeAttribute("aria-activedescendant");
  }

  /** Keeps the selected row in sight as J and K walk through the list. */
  private follow(): void {
    const { selected, rows } = this.desk;
    const at = selected.value === null ? -1 : rows.value.indexOf(selected.value);
    if (at !== -1) this.scrollTo(at);
    this.draw();
  }

  private scrollTo(at: number): void {
    const [top, bottom] = [at * ROW_PX, (at + 1) * ROW_PX];
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    const over = bottom - this.box.clientHeight;
    if (over > this.box.scrollTop) this.box.scrollTop = over;
  }
}

function comingRow(at: number): HTMLElement {
  const made = el("div", { class: "row coming", "aria-hidden": "true" }, t("Loading…"));
  made.style.transform = `translateY(${at * ROW_PX}px)`;
  return made;
}

export function setUpTabs(desk: Desk): void {
  for (const tab of ["inside", "outside", "placeless"] satisfies Tab[]) {
    byId(`tab-${tab}`).addEventListener("click", () => desk.tab.set(tab));
  }
  const order = byId("order") as HTMLSelectElement;
  order.addEventListener("change", () => {
    desk.order.set(orderOf(order.value));
  });
}
