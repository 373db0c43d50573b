/** Who changed what: fetched when somebody opens it, with a way to take the last change back. */

import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { timeAgo } from "../core/times.ts";
import { button, el } from "../dom/element.ts";
import { fieldName, shown } from "./conflict.ts";
import { undo } from "./decide.ts";
import type { Desk } from "./desk.ts";

interface HistoryLine {
  readonly at: string;
  readonly by: string;
  readonly changed: Readonly<Record<string, readonly [unknown, unknown]>>;
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

function line(
  { at, by, changed }: HistoryLine,
  [before, after]: Categories,
  { words }: Desk,
): HTMLElement {
  const changes = Object.entries(changed).map(([name, [from, to]]) => {
    const values = { from: shown(name, from, words, before), to: shown(name, to, words, after) };
    const text = name.endsWith("geometry") ? "" : t("{from} → {to}", values);
    return el("div", {}, el("b", {}, fieldName(name)), " ", text);
  });
  const head = el("span", { class: "quiet" }, `${timeAgo(at, Date.now())} ${by}`);
  return el("li", {}, head, ...changes);
}

function first({ properties }: Report): HTMLElement {
  const at = timeAgo(properties.received_at, Date.now());
  return el("li", { class: "quiet" }, t("{time} received", { time: at }));
}
