/**
 * What became of this phone's own reports, as its own lane tells it (GET /devices/me/changes):
 * one frame after another makes what is known. Pure; times are ms since 1970 unless texts.
 */

import type { Geometry } from "geojson";
import type { Frame, Gone, Item } from "../../core/frames.ts";
import { isReport, type Report } from "../../core/report.ts";

/** One thing of the lane as it was said last. */
export interface Own {
  /** report, note, broadcast, incident; others are kept and not looked at. */
  readonly kind: string;
  readonly id: string;
  readonly seq: number;
  /** null: a report that was erased; nothing of it stays on the phone. */
  readonly value: unknown;
  /** When this phone heard that it is gone; a broadcast that no longer holds keeps its words. */
  readonly goneAt: number | null;
  /** Of a report: what this phone has heard, oldest first. */
  readonly heard: readonly Heard[];
}

export interface Heard {
  readonly at: number;
  readonly status: string;
  readonly accepted: boolean;
}

export interface Note {
  readonly id: string;
  readonly report: string;
  readonly kind: "question" | "answer";
  readonly text: string;
  readonly author: string;
  readonly created_at: string;
}

export interface Broadcast {
  readonly id: string;
  readonly incident: string;
  readonly kind: string;
  readonly text: string;
  readonly area: Geometry | null;
  /** The same in words; null = everywhere. */
  readonly area_name?: string | null;
  readonly created_at: string;
  readonly author: string;
  readonly read_at: string | null;
}

export interface OwnReport {
  readonly report: Report | null;
  readonly goneAt: number | null;
  readonly heard: readonly Heard[];
}

export interface OwnBroadcast extends Broadcast {
  readonly goneAt: number | null;
}

/** By `keyOf`. */
export type Known = ReadonlyMap<string, Own>;
/** What to write: null = forget. */
export type Changes = ReadonlyMap<string, Own | null>;

export function keyOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind}/${id}`;
}

/** One frame on top of what is known; the higher seq wins, twice is harmless. */
export function learned(known: Known, { items, gone }: Frame, now: number): Changes {
  const changes = new Map<string, Own | null>();
  const before = (one: Item | Gone) => changes.get(keyOf(one)) ?? known.get(keyOf(one));
  for (const item of items) {
    const old = before(item);
    if (!old || old.seq < item.seq) changes.set(keyOf(item), ownOf(item, old, now));
  }
  for (const one of gone) {
    const old = before(one);
    if (old && old.seq <= one.seq && old.goneAt === null)
      changes.set(keyOf(one), left(old, one, now));
  }
  return changes;
}

/** A whole history anew (first start, another epoch): what is in none of its frames is forgotten. */
export function relearned(known: Known, frames: readonly Frame[], now: number): Changes {
  let fresh: Known = new Map();
  for (const frame of frames) fresh = withChanges(fresh, learned(fresh, frame, now));
  const changes = new Map<string, Own | null>([...known.keys()].map((key) => [key, null]));
  for (const [key, own] of fresh) changes.set(key, remembering(own, known.get(key)));
  return changes;
}

export function withChanges(known: Known, changes: Changes): Known {
  const next = new Map(known);
  for (const [key, own] of changes) {
    if (own === null) next.delete(key);
    else next.set(key, own);
  }
  return next;
}

function ownOf({ kind, id, seq, feature }: Item, old: Own | undefined, now: number): Own {
  return { kind, id, seq, value: feature, goneAt: null, heard: heardOf(feature, old?.heard, now) };
}

/** What this phone has heard of a report stays, whatever a new history begins with. */
function remembering(own: Own, old: Own | undefined): Own {
  if (!old || old.heard.length === 0) return own;
  const now = own.heard.at(-1)?.at ?? 0;
  return { ...own, heard: heardOf(own.value, old.heard, now) };
}

function heardOf(value: unknown, before: readonly Heard[] = [], now: number): readonly Heard[] {
  if (!isReport(value)) return before;
  const { status, accepted_at } = value.properties;
  const next = { at: now, status, accepted: Boolean(accepted_at) };
  const last = before.at(-1);
  if (last?.status === next.status && last.accepted === next.accepted) return before;
  return [...before, next];
}

function left(old: Own, { seq }: Gone, now: number): Own | null {
  if (old.kind === "broadcast") return { ...old, seq, goneAt: now };
  if (old.kind === "report") return { ...old, seq, value: null, goneAt: now };
  return null;
}

export function reportOf(known: Known, id: string): OwnReport | null {
  const own = known.get(keyOf({ kind: "report", id }));
  if (!own) return null;
  const { value, goneAt, heard } = own;
  return { report: isReport(value) ? value : null, goneAt, heard };
}

export function reportsOf(known: Known): Report[] {
  return valuesOf(known, "report")
    .map(({ value }) => value)
    .filter(isReport);
}

/** Questions and answers on one report, oldest first. */
export function notesOf(known: Known, report: string): Note[] {
  return allNotes(known).filter((note) => note.report === report);
}

export function allNotes(known: Known): Note[] {
  const notes = valuesOf(known, "note").map(({ value }) => value as Note);
  return notes.sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
}

/** Newest first. */
export function broadcastsOf(known: Known): OwnBroadcast[] {
  return valuesOf(known, "broadcast")
    .map(({ value, goneAt }) => ({ ...(value as Broadcast), goneAt }))
    .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
}

function valuesOf(known: Known, kind: string): Own[] {
  return [...known.values()].filter((own) => own.kind === kind && own.value !== null);
}
