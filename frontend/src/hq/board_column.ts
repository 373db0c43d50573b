/** One column of the board: how many, the first of them as cards, and the rest on demand. */

import { CARDS, CARDS_MAX, type Column, STATUSES } from "../core/board.ts";
import { number, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import { card } from "./board_card.ts";
import type { Desk } from "./desk.ts";

export interface ColumnHands {
  readonly drop: (id: string, column: Column) => void;
  readonly more: (column: Column) => void;
}

export class BoardColumn {
  readonly box: HTMLElement;
  private readonly column: Column;
  private readonly desk: Desk;
  private readonly count = el("span", { class: "count" });
  private readonly list = el("ul", { class: "board-cards" });
  private readonly empty = el("p", { class: "quiet board-empty" });
  private readonly rest: HTMLButtonElement;
  private readonly drawn = new Map<string, { report: Report; box: HTMLElement }>();

  constructor(column: Column, desk: Desk, hands: ColumnHands) {
    this.column = column;
    this.desk = desk;
    this.rest = button("", () => hands.more(column), { class: "link board-more" });
    const name = el("h3", { id: `board-${column}` }, desk.words.label("status", column), " ");
    name.append(this.count);
    const inside = el("div", { class: "board-scroll" }, this.list, this.empty, this.rest);
    const attributes = { class: "board-column", "aria-labelledby": `board-${column}` };
    this.box = el("section", attributes, name, inside);
    if (desk.mayEdit) this.takeDrops(hands);
  }

  show(reports: readonly Report[], total: number, anew: boolean): void {
    if (anew) this.drawn.clear();
    this.count.textContent = number(total);
    const cards = reports.map((report) => this.cardOf(report));
    arrange(this.list, cards);
    const kept = new Set(reports.map(({ id }) => id));
    for (const id of [...this.drawn.keys()]) if (!kept.has(id)) this.drawn.delete(id);
    this.empty.textContent = this.emptyWords();
    this.empty.hidden = reports.length > 0;
    const words = moreWords(total, reports.length);
    this.rest.textContent = words ?? "";
    this.rest.hidden = words === null;
    this.rest.disabled = reports.length >= CARDS_MAX;
  }

  private emptyWords(): string {
    const hidden = this.desk.filter.value.hiddenStatuses;
    const off = STATUSES[this.column].every((code) => hidden.has(code));
    return off ? t("Switched off in the filters") : t("None");
  }

  private cardOf(report: Report): HTMLElement {
    const before = this.drawn.get(report.id);
    const box = before?.report === report ? before.box : card(report, this.desk);
    this.drawn.set(report.id, { report, box });
    const isOpen = report.id === this.desk.selected.value;
    box.querySelector(".card")?.setAttribute("aria-pressed", String(isOpen));
    return box;
  }

  private takeDrops(hands: ColumnHands): void {
    let depth = 0;
    const over = (by: number) => {
      depth = by === 0 ? 0 : depth + by;
      this.box.classList.toggle("is-over", depth > 0);
    };
    this.box.addEventListener("dragover", (event) => event.preventDefault());
    this.box.addEventListener("dragenter", () => over(1));
    this.box.addEventListener("dragleave", () => over(-1));
    this.box.addEventListener("drop", (event) => {
      event.preventDefault();
      over(0);
      const id = event.dataTransfer?.getData("text/plain");
      if (id) hands.drop(id, this.column);
    });
  }
}

/** Puts the cards in this order; those that stand right stay where they are. */
function arrange(list: HTMLElement, cards: readonly HTMLElement[]): void {
  cards.forEach((made, at) => {
    if (list.children[at] !== made) list.insertBefore(made, list.children[at] ?? null);
  });
  while (list.children.length > cards.length) list.lastElementChild?.remove();
}

/** How many more there are, and whether they can be had here. */
function moreWords(total: number, shown: number): string | null {
  const rest = total - shown;
  if (rest <= 0) return null;
  const n = number(rest);
  return shown < CARDS_MAX
    ? t("{n} more: show {next}", { n, next: Math.min(rest, CARDS) })
    : t("{n} more: narrow down with the filters", { n });
}
