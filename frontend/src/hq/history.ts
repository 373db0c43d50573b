/** Who changed what: fetched when somebody opens it, with a way to take the last change back. */

import type { Geometry } from "geojson";
import { language, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { timeAgo } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { button, el } from "../dom/element.ts";
import { fieldName, shown } from "./conflict.ts";
import { undo } from "./decide.ts";
import type { Desk } from "./desk.ts";

export interface HistoryLine {
  readonly at: string;
  readonly by: string;
  readonly changed: Readonly<Record<string, readonly [unknown, unknown]>>;
  /** GeoJSON, of those that are places. */
  readonly places?: Readonly<Record<string, readonly [Geometry | null, Geometry | null]>>;
  /** By id, of the reports it was merged into. */
  readonly receipts?: Readonly<Record<string, string>>;
}

export function historySection(report: Report, desk: Desk): HTMLElement {
  const list = el("ol", { class: "history" });
  const section = el("details", {}, el("summary", {}, t("History")), list);
  section.addEventListener("toggle", () => {
    if (section.open) void fill(list, report, desk);
  });
  return section;
}

async function fill(list: HTMLElement, report: Report, desk: Desk): Promise<void> {
  list.replaceChildren(el("li", { class: "quiet" }, t("Loading…")));
  try {
    const url = `${desk.page.urls.report.replace("{id}", report.id)}/history`;
    const { items } = await desk.api.get<{ items: HistoryLine[] }>(url);
    const lines = withCategories(items, report).map((told) => line(...told, desk));
    const back = button(t("Undo the last change"), () => void undo(report, desk));
    const undoable = report.properties.version > 1 ? el("li", {}, back) : null;
    list.replaceChildren(...(undoable ? [undoable] : []), ...lines, first(report));
  } catch {
    list.replaceChildren(el("li", { class: "error" }, t("The history cannot be read just now.")));
  }
}

type Categories = readonly [before: string, after: string];

/** Each with the categories that its details were said of; newest first. */
export function withCategories(
  items: readonly HistoryLine[],
  { properties }: Report,
): readonly (readonly [HistoryLine, Categories])[] {
  let after = properties.category;
  return items.map((item) => {
    const [from, to] = item.changed.category ?? [after, after];
    after = String(from);
    return [item, [after, String(to)]];
  });
}

function line(item: HistoryLine, categories: Categories, { words }: Desk): HTMLElement {
  const changes = changesOf(item, categories, words).map(({ name, text }) =>
    el("div", {}, el("b", {}, name), " ", text),
  );
  const head = el("span", { class: "quiet" }, `${timeAgo(item.at, Date.now())} ${item.by}`);
  return el("li", {}, head, ...changes);
}

/** How a municipality was found: nobody asks, and it changes with the place only. */
const UNTOLD: ReadonlySet<string> = new Set(["municipality_how"]);

/** What changed, in words: a place by its coordinates. */
export function changesOf(
  item: HistoryLine,
  [before, after]: Categories,
  words: Vocabulary,
): readonly { readonly name: string; readonly text: string }[] {
  const names = Object.keys(item.changed).filter((name) => !UNTOLD.has(name));
  return names.map((name) => {
    const [from, to] = item.places?.[name] ?? item.changed[name] ?? [];
    const told = (value: unknown, category: string) =>
      shown(name, readable(name, value, item), words, category);
    const values = { from: told(from, before), to: told(to, after) };
    return { name: fieldName(name), text: t("{from} → {to}", values) };
  });
}

function readable(name: string, value: unknown, { receipts }: HistoryLine): unknown {
  if (name === "merged_into" && value) return receipts?.[String(value)] ?? value;
  return name === "place" ? placeWords(value) : value;
}

function placeWords(value: unknown): string {
  const { ja = "", en = "" } = (value ?? {}) as { readonly ja?: string; readonly en?: string };
  return language().startsWith("ja") ? ja : en || ja;
}

function first({ properties }: Report): HTMLElement {
  const at = timeAgo(properties.received_at, Date.now());
  return el("li", { class: "quiet" }, t("{time} received", { time: at }));
}
