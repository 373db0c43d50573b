/** The board: what waits, what is known, what is being done, what is done; worst and latest first. */

import { dueAt } from "./due.ts";
import { rank } from "./filter.ts";
import { type Report, receivedAt } from "./report.ts";

export const COLUMNS = ["received", "verified", "in_progress", "resolved"] as const;
export type Column = (typeof COLUMNS)[number];

/** Statuses of each; what another body works on stands with what is being worked on. */
export const STATUSES: Readonly<Record<Column, readonly string[]>> = {
  received: ["received"],
  verified: ["verified"],
  in_progress: ["in_progress", "handed_over"],
  resolved: ["resolved"],
};

/** Cards at first, and with each "more"; nobody reads more than the last number of them. */
export const CARDS = 30;
export const CARDS_MAX = 300;

export type Cards = Readonly<Record<Column, readonly Report[]>>;

/** null: rejected, merged and withdrawn ones have no place on the board. */
export function columnOf({ properties }: Report): Column | null {
  return COLUMNS.find((column) => STATUSES[column].includes(properties.status)) ?? null;
}

export function columns(reports: readonly Report[]): Cards {
  const found = {} as Record<Column, Report[]>;
  for (const column of COLUMNS) found[column] = [];
  for (const report of reports) {
    const column = columnOf(report);
    if (column) found[column].push(report);
  }
  for (const column of COLUMNS) found[column].sort(byNeed);
  return found;
}

/** Worst first; of the same severity what is due first, then what came first. */
export function byNeed(a: Report, b: Report): number {
  const worse = rank(a.properties.severity) - rank(b.properties.severity);
  return worse || order(dueAt(a), dueAt(b)) || order(receivedAt(a), receivedAt(b));
}

/** The one to the right (1) or to the left (-1). */
export function beside(column: Column, by: 1 | -1): Column | null {
  return COLUMNS[COLUMNS.indexOf(column) + by] ?? null;
}

// Without a time comes after every time.
function order(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null ? -1 : a - b;
}
