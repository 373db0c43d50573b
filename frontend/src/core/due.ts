/** By when a report is to be done, and how late it is. */

import { offsetAt } from "./offset.ts";
import type { Report } from "./report.ts";
import { isOver } from "./statuses.ts";

let soonMs = 60 * 60_000;

/** What is due within so many minutes is said to be soon: the server's word. */
export function useDueSoon(minutes: number): void {
  soonMs = minutes * 60_000;
}

export type Due = "none" | "later" | "soon" | "overdue";

/** What is settled is never late. */
export function dueOf(report: Report, now: number): Due {
  const at = dueAt(report);
  if (at === null || isOver(report)) return "none";
  if (at < now) return "overdue";
  return at - now <= soonMs ? "soon" : "later";
}

/** Milliseconds since 1970, or null. */
export function dueAt({ properties }: Report): number | null {
  const at = Date.parse(properties.due_at ?? "");
  return Number.isNaN(at) ? null : at;
}

/** What a datetime-local field says, on the incident's clock; null where it says nothing. */
export function localTime(local: string, zone: string): string | null {
  if (!local) return null;
  const at = Date.parse(`${local}${offsetAt(local, zone)}`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** For a datetime-local field: 2016-04-16T02:11 on the incident's clock. */
export function asLocal(at: number, zone: string): string {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const told = new Intl.DateTimeFormat("sv-SE", { ...parts, ...time, timeZone: zone }).format(at);
  return told.replace(" ", "T");
}
