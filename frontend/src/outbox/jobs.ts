/**
 * What is sent next: words before previews before originals, rescues before everything, the oldest
 * first. Pure: entries in, one job out.
 */

import type { Delivery } from "./entry.ts";
import { type Edit, type Entry, isUrgent, type PhotoEntry, type ReportEntry } from "./entry.ts";

export type Job =
  | { readonly lane: "words"; readonly entry: Entry }
  | { readonly lane: "edit"; readonly edit: Edit }
  | {
      readonly lane: "preview" | "original";
      readonly entry: ReportEntry;
      readonly photo: PhotoEntry;
    };

export interface Conditions {
  readonly now: number;
  /** Whether large pictures may go now (they can be held for Wi-Fi). */
  readonly originals: boolean;
  /** A reason to try again (network back, button): what was tried before does not wait longer. */
  readonly freshSince: number;
}

export function nextJob(
  entries: readonly Entry[],
  edits: readonly Edit[],
  conditions: Conditions,
): Job | null {
  return allJobs(entries, edits, conditions).find((job) => isDue(job, conditions)) ?? null;
}

/** When to look again by itself (ms since 1970); null when nothing waits for a clock. */
export function nextTime(
  entries: readonly Entry[],
  edits: readonly Edit[],
  conditions: Conditions,
): number | null {
  const times = allJobs(entries, edits, conditions).map((job) => dueAt(job, conditions));
  return times.length > 0 ? Math.min(...times) : null;
}

/** In the order in which they are sent, due or not; what lacks an incident is no job yet. */
export function allJobs(
  entries: readonly Entry[],
  edits: readonly Edit[],
  conditions: Pick<Conditions, "originals">,
): Job[] {
  const waiting = entries.filter((entry) => entry.folder !== "draft").sort(byUrgencyAndAge);
  const words: Job[] = waiting.filter(hasWordsToSend).map((entry) => ({ lane: "words", entry }));
  const said = new Map(entries.map((entry) => [entry.id, entry]));
  const later: Job[] = [...edits]
    .sort((a, b) => a.createdAt - b.createdAt)
    .filter((edit) => edit.delivery.state === "waiting" && isKnown(said.get(edit.target)))
    .map((edit) => ({ lane: "edit", edit }));
  const done = new Set(edits.filter((e) => e.delivery.state !== "done").map((edit) => edit.id));
  const reports = waiting.filter((e): e is ReportEntry => e.kind === "report");
  const previews = reports.flatMap((entry) => photoJobs(entry, "preview", done));
  const originals = reports.flatMap((entry) => photoJobs(entry, "original", done));
  return [...words, ...later, ...previews, ...(conditions.originals ? originals : [])];
}

function byUrgencyAndAge(a: Entry, b: Entry): number {
  return Number(isUrgent(b)) - Number(isUrgent(a)) || a.createdAt - b.createdAt;
}

function hasWordsToSend(entry: Entry): boolean {
  return entry.words.state === "waiting" && entry.incident !== null;
}

/** A correction follows its report; what this phone no longer keeps is long sent. */
function isKnown(target: Entry | undefined): boolean {
  return target === undefined || target.words.state === "done";
}

function photoJobs(
  entry: ReportEntry,
  lane: "preview" | "original",
  unannounced: ReadonlySet<string>,
): Job[] {
  if (entry.words.state !== "done") return [];
  return entry.photos
    .filter((photo) => !(photo.announcedBy && unannounced.has(photo.announcedBy)))
    .filter((photo) => photo[lane]?.state === "waiting" && !isOvertaken(photo, lane))
    .map((photo) => ({ lane, entry, photo }));
}

/** Nobody needs the small picture of one that has arrived. */
function isOvertaken(photo: PhotoEntry, lane: "preview" | "original"): boolean {
  return lane === "preview" && photo.original.state === "done";
}

export function deliveryOf(job: Job): Delivery {
  if (job.lane === "words") return job.entry.words;
  if (job.lane === "edit") return job.edit.delivery;
  return job.photo[job.lane] as Delivery;
}

function isDue(job: Job, conditions: Conditions): boolean {
  return dueAt(job, conditions) <= conditions.now;
}

function dueAt(job: Job, { freshSince }: Conditions): number {
  const { lastAt, nextAt } = deliveryOf(job);
  const rested = lastAt < freshSince ? 0 : nextAt;
  return Math.max(rested, holdUntil(job));
}

/** Words wait a moment for a better position; a cry for help does not. */
function holdUntil(job: Job): number {
  if (job.lane !== "words" || job.entry.kind !== "report" || isUrgent(job.entry)) return 0;
  return job.entry.holdUntil;
}
