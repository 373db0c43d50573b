/** What has just been sent off from this phone, shown above the camera until the next picture. */

import { Observable } from "../../core/observable.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say } from "../../dom/say.ts";
import { isReportEntry, isUrgent, type ReportEntry } from "../../outbox/entry.ts";
import { rescueBanner } from "../frame/rescue.ts";
import { reportOf } from "../lane/own.ts";
import { PlaceLine, placeOf } from "../place/place_line.ts";
import { takeBack } from "../reports.ts";
import { acceptedWords } from "../screens/report_parts.ts";
import type { State } from "../state.ts";

/** The report's id. */
export const finished = new Observable<string | null>(null);

/** The element, and how to end it. */
export function finishedCard(state: State): { element: HTMLElement; stop: () => void } {
  const element = el("div", { class: "finished", role: "status" });
  let drawn = "";
  const draw = () => {
    const entry = finished.value === null ? null : state.entry(finished.value);
    const report = entry && isReportEntry(entry) ? entry : null;
    const had = report && acceptedBy(state, report);
    const key = JSON.stringify(
      report && [report.id, report.words, report.receipt, report.content, had],
    );
    if (key === drawn) return;
    drawn = key;
    element.replaceChildren(...(report ? parts(state, report) : []));
    element.hidden = report === null;
  };
  const stops = [
    finished.changed(draw),
    state.entries.changed(draw),
    state.mine.known.changed(draw),
  ];
  draw();
  return { element, stop: () => stops.forEach((stop) => void stop()) };
}

function parts(state: State, entry: ReportEntry): Node[] {
  const close = el("button", { type: "button", class: "finished__close" }, icon("ui_close"));
  close.append(el("span", { class: "unseen" }, say("Close")));
  close.addEventListener("click", () => finished.set(null));
  return [
    head(entry),
    ...receiptOf(entry),
    ...(isUrgent(entry) ? [acceptance(state, entry)] : []),
    ...(isAllClear(entry) ? [placeLine(entry)] : []),
    el("div", { class: "pair" }, ...(isAllClear(entry) ? [undo(state, entry)] : []), see(entry)),
    close,
  ];
}

/** Who at headquarters had it first, and when; null while nobody is known to. */
function acceptedBy({ mine }: State, { id }: ReportEntry): string | null {
  const report = reportOf(mine.known.value, id)?.report;
  return report ? acceptedWords(report) : null;
}

function acceptance(state: State, entry: ReportEntry): Node {
  const who = acceptedBy(state, entry);
  if (who === null) return rescueBanner();
  const words = say("Headquarters has it: {who}", { who });
  return el("p", { class: "banner banner--ok" }, icon("ui_check"), el("strong", {}, words));
}

function head(entry: ReportEntry): Node {
  const attention = entry.words.state === "attention";
  const name = attention ? "finished__head finished__head--not" : "finished__head";
  const mark = icon(attention ? "ui_alert" : "ui_check");
  return el("p", { class: name }, mark, el("strong", {}, headline(entry)));
}

function isAllClear({ content }: ReportEntry): boolean {
  return content.category === "all_clear";
}

function see({ id }: ReportEntry): Node {
  const to = { href: `/m/report/${id}`, "data-go": `report/${id}` };
  return el("a", { class: "button", ...to }, say("See it"));
}

function headline(entry: ReportEntry): Node {
  if (entry.words.state === "done") return say("Sent to headquarters");
  if (entry.words.state === "attention") return say("Saved on this phone; it needs your attention");
  if (entry.incident === null) return say("Saved on this phone; not assigned to an incident yet");
  return say("Saved on this phone; it sends itself");
}

function receiptOf({ receipt }: ReportEntry): Node[] {
  if (!receipt) return [];
  return [
    el(
      "p",
      { class: "finished__receipt" },
      say("Receipt"),
      " ",
      el("b", { translate: "no" }, receipt),
    ),
  ];
}

function placeLine(entry: ReportEntry): Node {
  const line = new PlaceLine();
  line.show(placeOf(entry, Date.now()));
  return line.element;
}

function undo(state: State, entry: ReportEntry): Node {
  const made = el("button", { type: "button", class: "button" }, say("Undo"));
  made.addEventListener("click", () => {
    finished.set(null);
    void takeBack(state, entry.id, plain("Sent by mistake"));
  });
  return made;
}
