/** Whose a report is, and by when, in words: 15:00, and how long that still is or has been. */

import { type Due, dueAt, dueOf } from "../core/due.ts";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { dayTime, duration, exactTime } from "../core/times.ts";
import { el } from "../dom/element.ts";

export function whose({ properties: { assigned_to: name, status } }: Report): string {
  if (!name) return t("Assigned to nobody");
  const isOver = status === "handed_over";
  return isOver ? t("Handed over to {name}", { name }) : t("Assigned to {name}", { name });
}

export function dueWords(report: Report, now: number): string {
  const at = dueAt(report);
  if (at === null) return "";
  return said(dueOf(report, now), dayTime(at, now), duration((at - now) / 1000));
}

function said(due: Due, time: string, length: string): string {
  if (due === "overdue") return t("Due {time}, overdue by {length}", { time, length });
  return due === "none" ? t("Was due {time}", { time }) : t("Due {time}, in {length}", { time, length }); // biome-ignore format: one line a case
}

/** Red when it is late, and says so; nothing where there is no due time. */
export function dueLine(report: Report, now = Date.now()): HTMLElement | null {
  const words = dueWords(report, now);
  if (words === "") return null;
  const title = exactTime(report.properties.due_at ?? "");
  return el("span", { class: `due due-${dueOf(report, now)}`, title }, words);
}
