/** The table of findings: filtered by level in place, its rows lead to the map and back. */

import { t } from "../core/language.ts";
import { byId } from "../dom/element.ts";
import { type Finding, isShown, type Level } from "./findings.ts";

interface Row extends Finding {
  readonly node: HTMLElement;
}

export class FindingsTable {
  private readonly rows: readonly Row[];

  constructor() {
    this.rows = [...byId("findings").querySelectorAll<HTMLElement>("tbody tr")].map((node) => ({
      node,
      level: node.dataset.level as Level,
      row: node.dataset.row ? Number(node.dataset.row) : null,
    }));
    for (const link of document.querySelectorAll<HTMLAnchorElement>("#levels a"))
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.filter(link);
      });
  }

  get findings(): readonly Finding[] {
    return this.rows;
  }

  /** Makes a button of the number of each row that the map can show. */
  lead(onMap: (row: number) => boolean, go: (row: number) => void): void {
    for (const { node, row } of this.rows) {
      const place = node.querySelector<HTMLElement>("[data-to-map]");
      if (row === null || !place || !onMap(row)) continue;
      const made = document.createElement("button");
      made.type = "button";
      made.className = "to-place";
      made.title = t("Show it on the map");
      made.append(...place.childNodes);
      made.addEventListener("click", () => {
        this.mark(row);
        go(row);
      });
      place.replaceWith(made);
    }
  }

  /** Marks what was found in a row and brings it into view; false where nothing was. */
  choose(row: number): boolean {
    const found = this.mark(row);
    if (found?.hidden) this.filter(document.querySelector<HTMLAnchorElement>("#levels a"));
    found?.scrollIntoView({ block: "nearest" });
    return found !== undefined;
  }

  private mark(row: number): HTMLElement | undefined {
    for (const one of this.rows) one.node.classList.toggle("is-chosen", one.row === row);
    return this.rows.find((one) => one.row === row)?.node;
  }

  private filter(chosen: HTMLAnchorElement | null): void {
    for (const link of document.querySelectorAll("#levels a")) link.removeAttribute("aria-current");
    chosen?.setAttribute("aria-current", "true");
    const level = chosen?.dataset.level ?? "";
    for (const one of this.rows) one.node.hidden = !isShown(one, level);
  }
}
