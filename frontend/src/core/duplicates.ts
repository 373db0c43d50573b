/** What the server says of reports that may be one (reports/duplicates.py), and merges among them. */

import type { Report } from "./report.ts";

export interface Reason {
  readonly code: string;
  readonly value: number | string;
  /** For (or, below zero, against) their being one. */
  readonly points: number;
  /** In the reader's language. */
  readonly words: string;
}

export interface Judged {
  /** 0-100. */
  readonly score: number;
  readonly likely: boolean;
  readonly reasons: readonly Reason[];
}

export interface Suggestion extends Judged {
  readonly report: Report;
}

/** `report` came later than `other`. */
export interface Pair extends Suggestion {
  readonly other: Report;
}

export interface Flag {
  readonly photo: string;
  readonly code: string;
  readonly report: string | null;
  readonly receipt: string | null;
  readonly words: string;
}

export interface Duplicates {
  readonly items: readonly Suggestion[];
  readonly merged: readonly Report[];
  readonly flags: readonly Flag[];
}

export interface Walk {
  readonly items: readonly Pair[];
  readonly looked: number;
  readonly cursor: string | null;
}

export function isMerged({ properties }: Report): boolean {
  return properties.status === "duplicate";
}

/** A report that others are merged into stays; else the earlier one does, as it has been worked on. */
export function staying(one: Report, other: Report, holders: ReadonlySet<string>): Report {
  if (holders.has(one.id) !== holders.has(other.id)) return holders.has(one.id) ? one : other;
  return one.properties.received_at <= other.properties.received_at ? one : other;
}
