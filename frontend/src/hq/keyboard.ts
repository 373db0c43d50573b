/** J/K walk, Enter opens, V verifies, L writes in the log, / searches, Esc steps back, ? tells. */

import { t } from "../core/language.ts";
import { button, byId, el } from "../dom/element.ts";
import { mainStep, take } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { writeInLog } from "./log_dialog.ts";

export function setUpKeyboard(desk: Desk): void {
  document.addEventListener("keydown", (event) => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actions(desk)[event.key];
    if (!act || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act();
  });
}

function actions(desk: Desk): Record<string, () => void> {
  const next = () => desk.step(1);
  const back = () => desk.step(-1);
  return {
    j: next,
    k: back,
    J: next,
    K: back,
    Escape: () => desk.close(),
    "/": () => byId("search").focus(),
    v: () => advance(desk),
    n: () => byId("new-open").click(),
    d: () => document.getElementById("duplicates-open")?.click(),
    l: () => log(desk),
    L: () => log(desk),
    "?": showHelp,
  };
}

/** The list itself takes arrows and Enter, as a list box does. */
export function setUpListKeys(desk: Desk): void {
  byId("list").addEventListener("keydown", (event) => {
    const steps: Record<string, () => void> = {
      ArrowDown: () => desk.step(1),
      ArrowUp: () => desk.step(-1),
      Enter: () => byId("detail").focus(),
    };
    const act = steps[event.key];
    if (!act) return;
    event.preventDefault();
    if (event.key === "Enter" && !desk.report) desk.step(1);
    act();
  });
}

function advance(desk: Desk): void {
  const { report } = desk;
  const to = report && desk.mayEdit ? mainStep(report) : null;
  if (report && to) void take(to, report, desk);
}

function log(desk: Desk): void {
  if (desk.mayEdit) writeInLog(desk);
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function showHelp(): void {
  const keys: [string, string][] = [
    ["J / K", t("Next / previous report")],
    ["Enter", t("Into the report")],
    ["V", t("Take the next step (verify, start, resolve)")],
    ["N", t("Open the most urgent new report")],
    ["L", t("Write in the log, from the open report")],
    ["D", t("Merge with another report")],
    ["/", t("Search")],
    ["Esc", t("Back to the list")],
  ];
  const rows = keys.flatMap(([key, does]) => [
    el("dt", {}, el("kbd", {}, key)),
    el("dd", {}, does),
  ]);
  const dialog = el(
    "dialog",
    { class: "ask" },
    el("h2", {}, t("Keyboard")),
    el("dl", { class: "facts" }, ...rows),
  );
  dialog.append(
    el(
      "p",
      { class: "buttons" },
      button(t("Close"), () => dialog.close()),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
