/** By when a report is to be done, and how late it is. Statuses as reports/assignees.py. */

import { offsetAt } from "./offset.ts";
import type { Report } from "./report.ts";

const OPEN: ReadonlySet<string> = new Set(["received", "verified", "in_progress", "handed_over"]);
/** What is due within this is said to be soon (ms). */
export const SOON_MS = 30 * 60_000;

export type Due = "none" | "later" | "soon" | "overdue";

export function isOpen({ properties }: Report): boolean {
  return OPEN.has(properties.status);
}

/** What is settled is never late. */
export function dueOf(report: Report, now: number): Due {
  const at = dueAt(report);
  if (at === null || !isOpen(report)) return "none";
  if (at < now) return "overdue";
  return at - now <= SOON_MS ? "soon" : "later";
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
