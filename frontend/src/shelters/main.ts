/** The board of shelters: every one with state, people, needs and the age of the last word, live. */

import { Api } from "../core/api.ts";
import { ngettext, number, t, useLanguage } from "../core/language.ts";
import {
  ordered,
  type ShelterRow,
  type SortBy,
  totals,
  type Wish,
  wanted,
} from "../core/shelter_board.ts";
import { dayTime, useZone } from "../core/times.ts";
import { Vocabulary } from "../core/vocabulary.ts";
import { byId, el } from "../dom/element.ts";
import { keepRows, redraw } from "../dom/redraw.ts";
import { followPage } from "../hq/follow_page.ts";
import { setUpTheme } from "../hq/theme.ts";
import { Charts } from "./charts.ts";
import { readPageData } from "./page_data.ts";
import { RowView } from "./row.ts";
import { Shelters } from "./shelters.ts";

/** Ages in words go stale by themselves (ms). */
const REDRAW_MS = 30_000;

const page = readPageData();
useLanguage(page.language, page.catalogue);
useZone(page.time_zone);
const words = new Vocabulary(page.vocabulary);
const api = new Api({ csrf: page.csrf });
const shelters = new Shelters(page, api, words);
const charts = new Charts(page, api);
const views = new Map<string, RowView>();
let wish: Wish = { words: "", state: "", municipality: "", silentOnly: false };
let by: SortBy = "call";

setUpTheme(byId("theme"));
setUpChoice();
shelters.rows.changed(draw);
shelters.behind.changed(draw);
setInterval(draw, REDRAW_MS);
window.addEventListener("beforeprint", draw);
followPage(page, api, {
  apply: (items, gone) => shelters.changed([...items, ...gone]),
  begins: () => shelters.begin(),
});

function draw(): void {
  const all = shelters.rows.value;
  if (all === null) return;
  const now = Date.now();
  const shown = ordered(
    all.filter((row) => wanted(row, wish, now, page.silence_h)),
    by,
  );
  const rows = new Map(shown.map((row) => [row.key, row]));
  keepRows(byId("board-rows"), views, [...rows.keys()], (key) => new RowView(get(rows, key)));
  for (const view of views.values()) {
    view.draw(get(rows, view.row.key), page, words, now);
    charts.watch(view);
  }
  drawTotals(all, shown.length, now);
  fillMunicipalities(all);
}

function get(rows: ReadonlyMap<string, ShelterRow>, key: string): ShelterRow {
  const row = rows.get(key);
  if (!row) throw new Error(key);
  return row;
}

function drawTotals(all: readonly ShelterRow[], shown: number, now: number): void {
  const sum = totals(all, now, page.silence_h);
  const figures: [string, string, string][] = [
    [t("Open shelters"), number(sum.open), t("of {n}", { n: number(sum.shelters) })],
    [t("Full"), number(sum.full), ""],
    [
      t("People"),
      sum.counted === 0 ? "–" : number(sum.people),
      ngettext("in {n} shelter", "in {n} shelters", sum.counted),
    ],
    [t("Open, people not reported"), number(sum.uncounted), ""],
    [
      t("Silent"),
      number(sum.silent),
      ngettext("no word for {n} h", "no word for {n} h", page.silence_h),
    ],
  ];
  redraw(byId("board-totals"), figures, () =>
    figures.map(([name, value, more]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, el("b", {}, value), ` ${more}`)),
    ),
  );
  byId("board-shown").textContent =
    shown === all.length ? "" : t("{shown} of {total}", { shown, total: all.length });
  byId("board-empty").hidden = all.length > 0;
  byId("board-none").hidden = shown > 0 || all.length === 0;
  byId("board-time").textContent = shelters.behind.value
    ? t("The layers cannot be read just now.")
    : t("As of {time}", { time: dayTime(now, now) });
}

function fillMunicipalities(all: readonly ShelterRow[]): void {
  const select = byId("board-municipality") as HTMLSelectElement;
  const codes = [...new Set(all.map((row) => row.municipality ?? ""))].filter(Boolean).sort();
  redraw(select, codes, () => [
    el("option", { value: "" }, t("All municipalities")),
    ...codes.map((code) => {
      const name = page.municipalities[code] ?? code;
      return el("option", { value: code, selected: code === wish.municipality }, name);
    }),
  ]);
}

function setUpChoice(): void {
  const search = byId("board-search") as HTMLInputElement;
  const state = byId("board-state") as HTMLSelectElement;
  const municipality = byId("board-municipality") as HTMLSelectElement;
  const silent = byId("board-silent") as HTMLInputElement;
  const order = byId("board-order") as HTMLSelectElement;
  const read = () => {
    wish = {
      words: search.value,
      state: state.value,
      municipality: municipality.value,
      silentOnly: silent.checked,
    };
    by = order.value as SortBy;
    draw();
  };
  for (const field of [search, state, municipality, silent, order]) {
    field.addEventListener("input", read);
  }
  byId("board-print").addEventListener("click", () => window.print());
}
