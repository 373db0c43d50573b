/** One report on the board: what, where, by when, and whose it is. */

import type { Report } from "../core/report.ts";
import { timeAgo } from "../core/times.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import { reportMark } from "../map/report_icon.ts";
import type { Desk } from "./desk.ts";
import { dueLine } from "./due.ts";
import { placeWords, what } from "./row.ts";

export function card(report: Report, desk: Desk): HTMLElement {
  const made = button(inside(report, desk), () => desk.open(report.id), {
    id: `card-${report.id}`,
    class: "card",
    "aria-describedby": desk.mayEdit ? "board-hint" : null,
  });
  const box = el("li", { class: "board-card", draggable: desk.mayEdit ? "true" : null }, made);
  box.addEventListener("dragstart", (event) => {
    event.dataTransfer?.setData("text/plain", report.id);
    box.classList.add("is-dragged");
  });
  box.addEventListener("dragend", () => box.classList.remove("is-dragged"));
  return box;
}

function inside(report: Report, desk: Desk): DocumentFragment {
  const { properties } = report;
  const { words } = desk;
  const names = desk.claims.of(report.id);
  const made = document.createDocumentFragment();
  const over = properties.status === "handed_over" ? words.label("status", "handed_over") : null;
  made.append(
    el("span", { class: "unseen" }, words.label("severity", properties.severity)),
    el("span", { class: "row-mark" }, reportMark(report, words) as unknown as HTMLElement),
    el(
      "span",
      { class: "card-words" },
      el("span", { class: "row-what" }, what(report, words)),
      el("span", { class: "row-where" }, placeWords(report)),
      over ? el("span", { class: "card-over" }, over) : null,
      properties.assigned_to ? el("span", { class: "card-who" }, properties.assigned_to) : null,
      dueLine(report),
      names.length > 0
        ? el("span", { class: "card-claim" }, icon("ui_eye"), names.join(", "))
        : null,
      el("span", { class: "time quiet" }, timeAgo(properties.received_at, Date.now())),
    ) as HTMLElement,
  );
  return made;
}
