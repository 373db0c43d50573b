/** Which reports the list and the map show, in which order, and how many of what there are. */

import { holdsWords } from "./fold.ts";
import { type Box, boxesMeet, boxOf } from "./geometry.ts";
import type { Report } from "./report.ts";

export interface Filter {
  /** Codes switched off; codes added to the vocabulary later are shown by default. */
  readonly hiddenCategories: ReadonlySet<string>;
  readonly hiddenSeverities: ReadonlySet<string>;
  readonly hiddenStatuses: ReadonlySet<string>;
  /** Free words; every one must be found. */
  readonly words: string;
  /** Only what had been received by then (ms since 1970); null = now, and it stays now. */
  readonly until: number | null;
}

export type Order = "newest" | "severity";

export const HIDDEN_AT_FIRST: readonly string[] = ["rejected", "duplicate", "withdrawn"];

export const NO_FILTER: Filter = {
  hiddenCategories: new Set(),
  hiddenSeverities: new Set(),
  hiddenStatuses: new Set(HIDDEN_AT_FIRST),
  words: "",
  until: null,
};

const SEVERITY_RANK = ["critical", "serious", "moderate", "minor", "unknown"];

export function matches(report: Report, filter: Filter): boolean {
  const { category, severity, status, received_at } = report.properties;
  if (filter.hiddenCategories.has(category)) return false;
  if (filter.hiddenSeverities.has(severity)) return false;
  if (filter.hiddenStatuses.has(status)) return false;
  if (filter.until !== null && !(Date.parse(received_at) <= filter.until)) return false;
  return holdsWords(searchable(report), filter.words);
}

function searchable({ properties }: Report): string {
  const { receipt, comment, comment_hq, place, place_en, municipality_name } = properties;
  return [receipt, comment, comment_hq, place, place_en, municipality_name].join("\n");
}

export function sorted(reports: readonly Report[], order: Order): Report[] {
  const compare = order === "severity" ? bySeverity : newestFirst;
  return [...reports].sort(compare);
}

function newestFirst(a: Report, b: Report): number {
  return Date.parse(b.properties.received_at) - Date.parse(a.properties.received_at);
}

function bySeverity(a: Report, b: Report): number {
  const difference = rank(a.properties.severity) - rank(b.properties.severity);
  return difference || newestFirst(a, b);
}

/** 0 is the worst; unknown codes count as unknown. */
export function rank(severity: string): number {
  const at = SEVERITY_RANK.indexOf(severity);
  return at === -1 ? SEVERITY_RANK.length - 1 : at;
}

export interface Split {
  readonly inside: Report[];
  readonly outside: Report[];
  readonly placeless: Report[];
}

/** By the map's view; the three together are always all of them. */
export function splitByView(reports: readonly Report[], view: Box): Split {
  const split: Split = { inside: [], outside: [], placeless: [] };
  for (const report of reports) split[sideOf(report, view)].push(report);
  return split;
}

function sideOf(report: Report, view: Box): keyof Split {
  const box = boxOf(report.geometry);
  if (box === null) return "placeless";
  return boxesMeet(box, view) ? "inside" : "outside";
}

/** How many of each value: {"critical": 3, ...}. */
export function countBy(
  reports: readonly Report[],
  property: "category" | "severity" | "status",
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { properties } of reports) {
    counts.set(properties[property], (counts.get(properties[property]) ?? 0) + 1);
  }
  return counts;
}
