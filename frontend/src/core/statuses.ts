/** What a report's status says of it, as reports/statuses.py. */

import type { Report } from "./report.ts";

/** There is work left. */
export const OPEN: readonly string[] = ["received", "verified", "in_progress", "handed_over"];
const OVER: ReadonlySet<string> = new Set(["resolved", "rejected", "duplicate", "withdrawn"]);

export function isOpen({ properties }: Report): boolean {
  return OPEN.includes(properties.status);
}

/** Nothing is left to do. */
export function isOver({ properties }: Report): boolean {
  return OVER.has(properties.status);
}

/** Nobody has looked at it yet, as far as anybody can tell. */
export function isWaiting({ properties }: Report): boolean {
  return properties.status === "received" && !properties.accepted_at;
}
