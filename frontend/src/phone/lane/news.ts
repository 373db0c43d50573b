/** What of this phone's own lane a person has not looked at yet. Pure. */

import type { Position } from "geojson";
import { mayBeInside } from "../../core/inside.ts";
import type { Report } from "../../core/report.ts";
import type { Edit, Fix } from "../../outbox/entry.ts";
import type { Seen } from "./mine.ts";
import {
  allNotes,
  broadcastsOf,
  type Known,
  type Note,
  type OwnBroadcast,
  reportsOf,
} from "./own.ts";

export interface News {
  /** Asked by headquarters and answered by nobody yet, oldest first. */
  readonly questions: readonly Note[];
  /** Ids of reports whose state is another than when they were looked at last. */
  readonly changed: ReadonlySet<string>;
  /** Not confirmed yet and still holding, oldest first. */
  readonly broadcasts: readonly OwnBroadcast[];
}

export function newsIn(known: Known, seen: Seen, edits: readonly Edit[]): News {
  return {
    questions: openQuestions(allNotes(known), edits),
    changed: new Set(
      reportsOf(known)
        .filter((report) => isNews(report, seen))
        .map(({ id }) => id),
    ),
    broadcasts: broadcastsOf(known)
      .filter((one) => one.goneAt === null && readAt(one, seen) === null)
      .reverse(),
  };
}

/** Where somebody was longer ago says nothing about where they are. */
export const OLD_FIX_MS = 30 * 60_000;

/** Before everything: for all, for here, and where nobody knows where this phone is. */
export function isForHere({ area }: OwnBroadcast, fix: Fix | null, now: number): boolean {
  if (area === null || fix === null) return true;
  if (now - Date.parse(fix.fixed_at) > OLD_FIX_MS) return true;
  const at: Position = [fix.lon, fix.lat];
  return mayBeInside(area, at, fix.accuracy_m ?? 0);
}

export function countOf({ questions, changed, broadcasts }: News): number {
  const asked = new Set(questions.map(({ report }) => report));
  const others = [...changed].filter((id) => !asked.has(id));
  return asked.size + others.length + broadcasts.length;
}

/** What headquarters has done with it, in one text to compare; "" = nothing yet. */
export function newsOf({ properties }: Report): string {
  const { status, reason, merged_into, accepted_at } = properties;
  // the author's own step is no news to them
  const done = status === "received" || status === "withdrawn" ? "" : status;
  const parts = [done, done && reason, done && merged_into, accepted_at && "accepted"];
  return parts.filter(Boolean).join(" ");
}

export function isNews(report: Report, seen: Seen): boolean {
  const news = newsOf(report);
  return news !== "" && news !== seen.reports[report.id];
}

/** When this phone's person confirmed it. */
export function readAt(broadcast: OwnBroadcast, seen: Seen): string | null {
  return broadcast.read_at ?? seen.broadcasts[broadcast.id] ?? null;
}

/** Those after the last answer on the same report, also after one that still waits to be sent. */
export function openQuestions(notes: readonly Note[], edits: readonly Edit[]): Note[] {
  const answered = new Map<string, number>();
  const answer = (report: string, at: number) =>
    answered.set(report, Math.max(at, answered.get(report) ?? 0));
  for (const note of notes) {
    if (note.kind === "answer") answer(note.report, Date.parse(note.created_at));
  }
  for (const { kind, target, delivery } of edits) {
    // by no clock: the phone's may be wrong
    const waits = kind === "answer" && delivery.state === "waiting";
    if (waits) answer(target, Number.POSITIVE_INFINITY);
  }
  return notes.filter(
    ({ kind, report, created_at }) =>
      kind === "question" && Date.parse(created_at) > (answered.get(report) ?? 0),
  );
}
