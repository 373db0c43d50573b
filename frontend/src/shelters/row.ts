/** One shelter in the table. Its cells are filled anew only where they say something else. */

import { number, t } from "../core/language.ts";
import { isOpen, isShut, isSilent, type ShelterRow } from "../core/shelter_board.ts";
import { exactTime, timeAgo } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { el } from "../dom/element.ts";
import { redraw } from "../dom/redraw.ts";
import { supportMark } from "../map/support_icon.ts";
import type { PageData } from "./page_data.ts";

type Part = Node | string | null | false;
const LIFELINES = ["power", "water", "toilets"] as const;

export class RowView {
  readonly node: HTMLElement;
  readonly chart = el("td", { class: "chart" });
  row: ShelterRow;
  private readonly name = el("th", { scope: "row" });
  private readonly cells: HTMLElement[];

  constructor(row: ShelterRow) {
    this.row = row;
    this.cells = Array.from({ length: 7 }, () => el("td"));
    const [where, state, people, ...rest] = this.cells;
    this.node = el("tr", {}, this.name, where, state, people, this.chart, ...rest);
  }

  draw(row: ShelterRow, page: PageData, words: Vocabulary, now: number): void {
    this.row = row;
    const silent = isSilent(row, now, page.silence_h);
    this.node.className = [isShut(row) && "is-shut", silent && "is-silent"]
      .filter(Boolean)
      .join(" ");
    redraw(this.name, [row.name, row.kind, row.operation, row.congestion], () =>
      nameOf(row, page, words),
    );
    const contents = [
      [whereOf(row, page)],
      stateOf(row, words),
      peopleOf(row),
      lifelines(row, words),
      [row.needs ?? "–"],
      [row.note],
      lastOf(row, silent, now),
    ];
    contents.forEach((parts, at) => {
      const cell = this.cells[at];
      const said = parts.map((part) => (part instanceof HTMLElement ? part.outerHTML : part));
      if (cell) redraw(cell, said, () => parts);
    });
  }
}

function nameOf(row: ShelterRow, page: PageData, words: Vocabulary): Part[] {
  const href = `${page.urls.desk}?place=${encodeURIComponent(row.key)}`;
  const name = (page.language === "en" && row.name_en) || row.name;
  return [
    supportMark(row.kind, row, words) as unknown as HTMLElement,
    el("a", { href }, name || words.label("layer_kind", row.kind)),
    row.kind === "shelter"
      ? null
      : el("span", { class: "quiet" }, ` ${words.label("layer_kind", row.kind)}`),
  ];
}

function whereOf(row: ShelterRow, page: PageData): string {
  const code = row.municipality;
  return code ? (page.municipalities[code] ?? code) : row.address || "–";
}

function stateOf(row: ShelterRow, words: Vocabulary): Part[] {
  const operation = words.label("shelter_operation", row.operation ?? "unknown");
  const congestion = row.congestion ? words.label("congestion", row.congestion) : null;
  return [
    el("b", {}, operation),
    congestion &&
      el("span", { class: row.congestion === "full" ? "doubtful" : "" }, ` ${congestion}`),
    row.disputed && el("span", { class: "doubtful" }, ` ${t("Sources disagree")}`),
  ];
}

function peopleOf(row: ShelterRow): Part[] {
  if (row.persons === null) {
    return [el("span", { class: "quiet" }, isOpen(row) ? t("Not reported") : "–")];
  }
  const cars = row.car_stayers;
  return [
    el("b", {}, number(row.persons)),
    cars ? el("span", { class: "quiet" }, ` ${t("+{n} in cars", { n: number(cars) })}`) : null,
  ];
}

function lifelines(row: ShelterRow, words: Vocabulary): Part[] {
  const names = { power: t("Power"), water: t("Water"), toilets: t("Toilets") };
  const told = LIFELINES.flatMap((name) => {
    const code = row[name];
    if (!code) return [];
    const text = `${names[name]}: ${words.label("lifeline", code)}`;
    return [el("span", { class: code === "works" ? "lifeline" : "lifeline doubtful" }, text)];
  });
  return told.length > 0 ? told : ["–"];
}

function lastOf({ last }: ShelterRow, silent: boolean, now: number): Part[] {
  const flag = silent ? el("span", { class: "silent-flag" }, t("Silent")) : null;
  if (!last) return [flag, el("span", {}, t("No word yet"))];
  const title = exactTime(new Date(last.at).toISOString());
  return [
    flag,
    el("span", { title }, timeAgo(last.at, now)),
    last.by && el("span", { class: "quiet by", title: last.by }, last.by),
  ];
}
