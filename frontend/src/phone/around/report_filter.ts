/** Which reports the phone's list and map show; kept in the address, so that going back keeps it. */

import { HIDDEN_AT_FIRST } from "../../core/filter.ts";
import { distanceM, markPosition } from "../../core/geometry.ts";
import type { Report } from "../../core/report.ts";

export interface ReportFilter {
  /** Codes; null = all. Status: null = all but what HIDDEN_AT_FIRST hides. */
  readonly category: string | null;
  readonly severity: string | null;
  readonly status: string | null;
  /** Seen within so many hours. */
  readonly hours: number | null;
  /** No farther than so many metres from here. */
  readonly within_m: number | null;
  readonly mine: boolean;
}

/** What a filter is held against. */
export interface Standpoint {
  readonly now: number;
  /** [lon, lat]; null while it is not known. */
  readonly here: readonly [number, number] | null;
  /** Ids of reports from this phone. */
  readonly mine: ReadonlySet<string>;
}

export const EVERYTHING: ReportFilter = {
  category: null,
  severity: null,
  status: null,
  hours: null,
  within_m: null,
  mine: false,
};
export const HOURS = [1, 6, 24] as const;
export const METRES = [500, 1_000, 3_000, 10_000] as const;
const HOUR_MS = 3_600_000;

export function readFilter(query: URLSearchParams): ReportFilter {
  return {
    category: query.get("category"),
    severity: query.get("severity"),
    status: query.get("status"),
    hours: positive(query.get("hours")),
    within_m: positive(query.get("within_m")),
    mine: query.get("mine") === "1",
  };
}

/** Only what differs from EVERYTHING. */
export function writeFilter(filter: ReportFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value === null || value === false) continue;
    query.set(name, value === true ? "1" : String(value));
  }
  return query;
}

/** How many of its parts narrow the list. */
export function narrowings(filter: ReportFilter): number {
  return [...writeFilter(filter).keys()].length;
}

export function passes(report: Report, filter: ReportFilter, from: Standpoint): boolean {
  const { category, severity, status } = report.properties;
  if (filter.category !== null && category !== filter.category) return false;
  if (filter.severity !== null && severity !== filter.severity) return false;
  if (filter.mine && !from.mine.has(report.id)) return false;
  return (
    hasStatus(status, filter, from.mine.has(report.id)) &&
    isRecent(report, filter.hours, from.now) &&
    isNear(report, filter.within_m, from.here)
  );
}

/** What became of one's own is never hidden. */
function hasStatus(status: string, filter: ReportFilter, mine: boolean): boolean {
  if (filter.status !== null) return status === filter.status;
  return mine || !HIDDEN_AT_FIRST.includes(status);
}

/** When it was seen; a phone's clock may be wrong, then when it came in. */
export function seenAt({ properties }: Report): number {
  const { captured_at, captured_in_future, received_at } = properties;
  return Date.parse((!captured_in_future && captured_at) || received_at);
}

function isRecent(report: Report, hours: number | null, now: number): boolean {
  return hours === null || now - seenAt(report) <= hours * HOUR_MS;
}

/** Without a position of our own nothing can be said to be far; without its own, not near. */
function isNear(report: Report, within: number | null, here: Standpoint["here"]): boolean {
  if (within === null || here === null) return true;
  const distance = metresTo(report, here);
  return distance !== null && distance <= within;
}

/** Straight line to the middle of the reported place; null where either is not known. */
export function metresTo(report: Report, here: Standpoint["here"]): number | null {
  const at = markPosition(report.geometry);
  return at === null || here === null ? null : distanceM([...here], at);
}

export function newestFirst(a: Report, b: Report): number {
  return seenAt(b) - seenAt(a);
}

function positive(text: string | null): number | null {
  const value = Number(text);
  return text !== null && Number.isFinite(value) && value > 0 ? value : null;
}
