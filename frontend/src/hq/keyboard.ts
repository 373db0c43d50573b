/**
 * One key for each act of the desk. Parts of the page bring their own (`useKey`); ? lists them all,
 * and switches them off for whoever dictates or has a screen reader that types (WCAG 2.1.4).
 */

import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { button, byId, el } from "../dom/element.ts";
import { assign } from "./assign.ts";
import { acceptReport, mainStep, setSeverity, take } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { editReport } from "./edit_dialog.ts";
import { writeInLog } from "./log_dialog.ts";
import { openMostUrgent } from "./queue.ts";
import { undoLast } from "./undo.ts";

export interface Key {
  /** As KeyboardEvent.key gives them; letters in lower case. */
  readonly keys: readonly string[];
  /** As the help shows them. */
  readonly shown: string;
  readonly does: () => string;
  readonly act: (event: KeyboardEvent) => void;
  /** Also while the key is held down. */
  readonly repeats?: boolean;
  /** Elsewhere the key stays the browser's. */
  readonly where?: (target: HTMLElement) => boolean;
}

const keys: Key[] = [];

/** A key of another part of the page; one that the desk has already stays what it is. */
export function useKey(key: Key): void {
  keys.push(key);
}

export function setUpKeyboard(desk: Desk): void {
  keys.unshift(...walking(desk), ...(desk.mayEdit ? deciding(desk) : []));
  useKey({ keys: ["?"], shown: "?", does: () => t("This help"), act: () => showHelp(desk) });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (isOff(desk) && event.key.length === 1 && event.key !== "?") return;
    const wanted = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const { target } = event;
    const found = keys.find((key) => key.keys.includes(wanted) && isMeant(key, target));
    if (!found || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    // a key held down decides once, not for every report that opens next
    if (!event.repeat || found.repeats) found.act(event);
  });
}

function walking(desk: Desk): Key[] {
  const step = (by: 1 | -1) => () => desk.step(by);
  return [
    { keys: ["j"], shown: "J", does: () => t("Next report"), act: step(1), repeats: true },
    { keys: ["k"], shown: "K", does: () => t("Previous report"), act: step(-1), repeats: true },
    {
      keys: ["Enter"],
      shown: "Enter",
      does: () => t("Into the report"),
      act: () => intoReport(desk),
      where: isNothingElse,
    },
    {
      keys: ["n"],
      shown: "N",
      does: () => t("Open the most urgent report that waits"),
      act: () => void openMostUrgent(desk),
    },
    { keys: ["/"], shown: "/", does: () => t("Search"), act: () => byId("search").focus() },
    { keys: ["w"], shown: "W", does: () => t("Wall screen"), act: openWall },
    { keys: ["Escape"], shown: "Esc", does: () => t("Back to the list"), act: () => back(desk) },
  ];
}

function deciding(desk: Desk): Key[] {
  const { words } = desk;
  const here = (act: (report: Report) => unknown) => () => {
    if (desk.report) act(desk.report);
  };
  const severities = SEVERITIES.map((code, at) => ({
    keys: [String(at + 1)],
    shown: String(at + 1),
    does: () => words.label("severity", code),
    act: here((report) => setSeverity(report, code, desk)),
  }));
  return [
    {
      keys: ["v"],
      shown: "V",
      does: () => t("Take the next step (verify, start, resolve)"),
      act: here((report) => advance(report, desk)),
    },
    ...severities,
    {
      keys: ["c"],
      shown: "C",
      does: () => t("Accept: tell the reporter that headquarters has it"),
      act: here((report) => void acceptReport(report, desk)),
    },
    {
      keys: ["r"],
      shown: "R",
      does: () => t("Reject, with a reason"),
      act: here((report) => void take("rejected", report, desk)),
    },
    {
      keys: ["d"],
      shown: "D",
      does: () => t("Merge with another report"),
      act: () => document.getElementById("duplicates-open")?.click(),
    },
    {
      keys: ["a"],
      shown: "A",
      does: () => t("Assign"),
      act: here((report) => void assign(report, desk)),
    },
    {
      keys: ["e"],
      shown: "E",
      does: () => t("Edit category, severity, words"),
      act: here((report) => editReport(report, desk)),
    },
    {
      keys: ["l"],
      shown: "L",
      does: () => t("Write in the log, from the open report"),
      act: () => writeInLog(desk),
    },
    {
      keys: ["u"],
      shown: "U",
      does: () => t("Take back what was done last"),
      act: () => void undoLast(desk),
    },
  ];
}

const SEVERITIES = ["critical", "serious", "moderate", "minor"];

// the link knows the view, once somebody comes to it
function openWall(): void {
  const link = byId("to-wall") as HTMLAnchorElement;
  link.dispatchEvent(new Event("focus"));
  location.assign(link.href);
}

// buttons, links and marks have an Enter of their own
function isNothingElse(target: HTMLElement): boolean {
  return target === document.body || target.closest("#list") !== null;
}

function intoReport(desk: Desk): void {
  const inList = document.activeElement === byId("list");
  if (inList && !desk.report) desk.step(1);
  byId("detail").focus();
}

/** The list itself takes arrows, as a list box does. */
export function setUpListKeys(desk: Desk): void {
  byId("list").addEventListener("keydown", (event) => {
    const steps: Record<string, () => void> = {
      ArrowDown: () => desk.step(1),
      ArrowUp: () => desk.step(-1),
    };
    const act = steps[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function back(desk: Desk): void {
  const closePopup = desk.closePopup.value;
  if (closePopup) closePopup();
  else if (desk.selected.value === null) desk.ticks.clear();
  else toList(desk);
}

// what is hidden holds no focus, and the arrows are to go on from here
function toList(desk: Desk): void {
  const wasInside = byId("detail").contains(document.activeElement);
  desk.close();
  if (wasInside) byId("list").focus();
}

function advance(report: Report, desk: Desk): void {
  const to = mainStep(report);
  if (to) void take(to, report, desk);
}

// whoever has ticked a box goes on by keys
const TYPED_INTO = "input:not([type=checkbox]), textarea, select, [contenteditable]";

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return target.closest(TYPED_INTO) !== null;
}

function isMeant({ where }: Key, target: EventTarget | null): boolean {
  return where?.(target as HTMLElement) ?? true;
}

function isOff(desk: Desk): boolean {
  return desk.memory.get<boolean>("keysOff") ?? false;
}

function showHelp(desk: Desk): void {
  const rows = keys.flatMap(({ shown, does }) => [
    el("dt", {}, el("kbd", {}, shown)),
    el("dd", {}, does()),
  ]);
  const off = el("input", { type: "checkbox", id: "keys-off", checked: isOff(desk) });
  off.addEventListener("change", () => desk.memory.set("keysOff", off.checked));
  const close = button(t("Close"), () => dialog.close());
  const dialog = el(
    "dialog",
    { class: "ask keys-help", "aria-labelledby": "keys-title" },
    el("h2", { id: "keys-title" }, t("Keyboard")),
    el("dl", { class: "facts" }, ...rows),
    el("p", {}, el("label", {}, off, " ", t("Single keys off (for dictation and screen readers)"))),
    el("p", { class: "buttons" }, close),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
