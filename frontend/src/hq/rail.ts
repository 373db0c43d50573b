/** The rail, upper part: reports by severity, status and category, each with shown / all. */

import type { Filter } from "../core/filter.ts";
import { number, t } from "../core/language.ts";
import type { Tally } from "../core/tally.ts";
import { byId, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import type { Desk } from "./desk.ts";

interface Branch {
  readonly kind: "severity" | "status" | "category";
  readonly hidden: "hiddenSeverities" | "hiddenStatuses" | "hiddenCategories";
  readonly title: () => string;
  readonly open: boolean;
}

/** Below this the map would have no room beside the rail. */
const ROOM_PX = 900;

const BRANCHES: readonly Branch[] = [
  { kind: "severity", hidden: "hiddenSeverities", title: () => t("Severity"), open: true },
  { kind: "status", hidden: "hiddenStatuses", title: () => t("Status"), open: true },
  { kind: "category", hidden: "hiddenCategories", title: () => t("Category"), open: false },
];

export function setUpRail(desk: Desk): void {
  const tree = byId("report-tree");
  tree.replaceChildren(...BRANCHES.map((branch) => branchOf(branch, desk)));
  desk.tally.watch((tally) => showCounts(tally, desk, tree));
  desk.filter.watch(() => showChecks(desk, tree));
  setUpArea(desk);
  setUpFolding(desk);
}

function branchOf(branch: Branch, desk: Desk): HTMLElement {
  const terms = desk.words.terms(branch.kind);
  const leaves = terms.map(({ code }) => leafOf(branch, code, desk));
  const summary = el("summary", {}, branch.title());
  return el("details", { open: branch.open }, summary, el("ul", { class: "tree" }, ...leaves));
}

function leafOf(branch: Branch, code: string, desk: Desk): HTMLElement {
  const box = el("input", { type: "checkbox", "data-kind": branch.kind, "data-code": code });
  box.addEventListener("change", () => toggle(branch, code, box.checked, desk));
  const term = desk.words.term(branch.kind, code);
  const mark = icon(term?.icon ?? "other") as unknown as HTMLElement;
  mark.classList.add("leaf-mark", `${branch.kind}-${code}`);
  const count = el("span", { class: "count", "data-count": `${branch.kind}/${code}` });
  return el("li", {}, el("label", {}, box, mark, desk.words.label(branch.kind, code), count));
}

function toggle(branch: Branch, code: string, shown: boolean, desk: Desk): void {
  const hidden = new Set(desk.filter.value[branch.hidden]);
  if (shown) hidden.delete(code);
  else hidden.add(code);
  desk.filter.set({ ...desk.filter.value, [branch.hidden]: hidden } as Filter);
}

function showChecks(desk: Desk, tree: HTMLElement): void {
  for (const { kind, hidden } of BRANCHES) {
    for (const box of tree.querySelectorAll<HTMLInputElement>(`input[data-kind="${kind}"]`)) {
      box.checked = !desk.filter.value[hidden].has(box.dataset.code ?? "");
    }
  }
}

/** "shown / all"; only "all" when nothing of it is hidden. */
function showCounts(tally: Tally, desk: Desk, tree: HTMLElement): void {
  for (const { kind } of BRANCHES) {
    for (const { code } of desk.words.terms(kind)) {
      const { shown, all } = tally.of[kind].get(code) ?? { shown: 0, all: 0 };
      const text = shown === all ? number(all) : `${number(shown)} / ${number(all)}`;
      setCount(tree, `${kind}/${code}`, tally.known ? text : "", tally.known && all === 0);
    }
  }
  byId("report-count").textContent = tally.known
    ? `${number(tally.shown)} / ${number(tally.total)}`
    : "";
}

function setCount(tree: HTMLElement, name: string, text: string, none: boolean): void {
  const count = tree.querySelector<HTMLElement>(`[data-count="${name}"]`);
  if (!count) return;
  count.textContent = text;
  count.closest("li")?.classList.toggle("none", none);
}

function setUpArea(desk: Desk): void {
  const box = byId("own-area") as HTMLInputElement;
  const label = byId("own-area-label");
  label.hidden = desk.page.area.length === 0;
  byId("own-area-name").textContent = t("Only {area}", { area: desk.page.area_name });
  desk.ownAreaOnly.watch((own) => {
    box.checked = own;
  });
  box.addEventListener("change", () => desk.ownAreaOnly.set(box.checked));
}

function setUpFolding(desk: Desk): void {
  const fold = byId("rail-fold");
  const show = (folded: boolean) => {
    document.body.classList.toggle("rail-folded", folded);
    fold.setAttribute("aria-expanded", String(!folded));
    // Leaflet learns of its new size from this event
    window.dispatchEvent(new Event("resize"));
  };
  show(desk.memory.get<boolean>("railFolded") ?? window.innerWidth < ROOM_PX);
  fold.addEventListener("click", () => {
    const folded = !document.body.classList.contains("rail-folded");
    desk.memory.set("railFolded", folded);
    show(folded);
  });
}
