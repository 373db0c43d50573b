/** The rail, "Narrow down": when, where, by whom, and what a report is like. */

import type { Filter } from "../core/filter.ts";
import { chips } from "../core/filter_chips.ts";
import { t } from "../core/language.ts";
import { byId, el } from "../dom/element.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import type { Desk } from "./desk.ts";
import { areaPart } from "./filter_area.ts";
import type { FilterNames } from "./filter_names.ts";
import { timePart } from "./filter_time.ts";
import { whoPart } from "./filter_who.ts";

/** Less sure than this is worth looking at (m). */
const UNSURE_M = 100;

export function setUpFilters(desk: Desk, map: LeafletMap, names: FilterNames): void {
  const box = byId("narrow") as HTMLDetailsElement;
  byId("narrow-parts").replaceChildren(
    timePart(desk),
    areaPart(desk, map, names),
    whoPart(desk, box),
    traitPart(desk),
  );
  desk.filter.watch((filter) => {
    const count = chips(filter, names, desk.words).length;
    byId("narrow-count").textContent = count > 0 ? String(count) : "";
    const search = byId("search") as HTMLInputElement;
    if (search.value !== filter.words) search.value = filter.words;
  });
}

type Tick = readonly [label: string, read: (filter: Filter) => boolean, on: Part, off: Part];
type Part = Partial<Filter>;

function traitPart(desk: Desk): HTMLElement {
  const ticks: readonly Tick[] = [
    [t("Needs a place"), (f) => f.needsPlace, { needsPlace: true }, { needsPlace: false }],
    [t("Place uncertain"), (f) => f.uncertain !== null, { uncertain: UNSURE_M }, { uncertain: null }],
    [t("Not accepted yet"), (f) => f.waiting, { waiting: true }, { waiting: false }],
    [t("Not opened by me"), (f) => f.unseen, { unseen: true }, { unseen: false }],
    [t("Overdue"), (f) => f.due !== null, { due: "overdue" }, { due: null }],
  ]; // biome-ignore format: a table
  return part(t("Only"), photoChoice(desk), ...ticks.map((tick) => tickBox(desk, tick)));
}

function tickBox(desk: Desk, [label, read, on, off]: Tick): HTMLElement {
  const box = el("input", { type: "checkbox" });
  box.addEventListener("change", () => narrow(desk, box.checked ? on : off));
  desk.filter.watch((filter) => {
    box.checked = read(filter);
  });
  return el("label", { class: "narrow-tick" }, box, " ", label);
}

function photoChoice(desk: Desk): HTMLElement {
  const select = choice([
    ["", t("With or without")],
    ["1", t("With photo")],
    ["0", t("Without photo")],
  ]);
  select.addEventListener("change", () => {
    narrow(desk, { hasPhoto: select.value === "" ? null : select.value === "1" });
  });
  desk.filter.watch(({ hasPhoto }) => {
    select.value = hasPhoto === null ? "" : hasPhoto ? "1" : "0";
  });
  return labelled(t("Photo"), select);
}

export function narrow(desk: Desk, change: Part): void {
  desk.filter.set({ ...desk.filter.value, ...change });
}

export function part(title: string, ...children: (HTMLElement | null)[]): HTMLElement {
  return el("fieldset", { class: "narrow-part" }, el("legend", {}, title), ...children);
}

export function choice(options: readonly (readonly [string, string])[]): HTMLSelectElement {
  return el("select", {}, ...options.map(([value, words]) => el("option", { value }, words)));
}

export function labelled(words: string, field: HTMLElement): HTMLElement {
  return el("label", { class: "narrow-field" }, el("span", {}, words), field);
}
