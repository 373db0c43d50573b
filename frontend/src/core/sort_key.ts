/** Where a report stands in a list, as reports/orders.py sorts. */

import { rank } from "./filter.ts";
import type { Report } from "./report.ts";
import { isOver, isWaiting } from "./statuses.ts";

export interface SortKey {
  readonly id: string;
  /** Compared one after the other, the smaller first. */
  readonly by: readonly number[];
}

export function sortKey(report: Report, order: string): SortKey {
  return { id: report.id, by: numbers(report, order) };
}

function numbers(report: Report, order: string): readonly number[] {
  const received = microtime(report.properties.received_at);
  if (order === "oldest") return [received];
  if (order === "severity") return [rank(report.properties.severity), -received];
  if (order === "due") return [dueTime(report), received];
  if (order === "waiting") return [isWaiting(report) ? 0 : 1, received];
  return [-received];
}

function dueTime(report: Report): number {
  const { due_at } = report.properties;
  return due_at && !isOver(report) ? microtime(due_at) : Number.POSITIVE_INFINITY;
}

/** Milliseconds since 1970 with the microseconds that Date.parse drops. */
function microtime(text: string): number {
  const fraction = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? "0";
  return Date.parse(text) + Number(`0.${fraction}`);
}

/** Of two that are equal in all else the ids decide, downwards in these orders. */
const DOWN: ReadonlySet<string> = new Set(["newest", "severity"]);

export function compareKeys(a: SortKey, b: SortKey, order: string): number {
  for (const [at, one] of a.by.entries()) {
    const other = b.by[at] ?? 0;
    if (one !== other) return one < other ? -1 : 1;
  }
  if (a.id === b.id) return 0;
  return a.id < b.id === DOWN.has(order) ? 1 : -1;
}

export function inOrder(reports: readonly Report[], order: string): Report[] {
  const keyed = reports.map((report) => ({ report, key: sortKey(report, order) }));
  return keyed.sort((a, b) => compareKeys(a.key, b.key, order)).map(({ report }) => report);
}
