/** What a person does with reports on this phone; each act is one transaction in the box. */

import { announced } from "../outbox/body.ts";
import { hex, sha256 } from "../outbox/digest.ts";
import {
  type Edit,
  type Entry,
  type Fix,
  NOTHING_SAID,
  type PhotoEntry,
  type PhotoSays,
  type ReportContent,
  type ReportEntry,
  type SituationContent,
  type SituationEntry,
  UNSENT,
} from "../outbox/entry.ts";
import { FIX_MS, isGood } from "./place/fix.ts";
import { CURRENT_DRAFT, LAST_CATEGORIES, type State } from "./state.ts";

export interface Shot {
  readonly bytes: ArrayBuffer;
  readonly type: string;
  readonly from: "camera" | "file";
  readonly says?: PhotoSays | null;
}

export interface Stamp {
  /** Shutter time (ms since 1970). */
  readonly at: number;
  readonly fix: Fix | null;
  readonly bearing_deg: number | null;
  /** When the pictures were taken, where that is another time; null = not known. */
  readonly captured_at?: string | null;
}

/** At the shutter: picture, position, direction and clock in one record, before anything else. */
export async function shoot(state: State, shots: readonly Shot[], stamp: Stamp) {
  const photos = shots.map(photoOf);
  const content: ReportContent = {
    ...NOTHING_SAID,
    ...stamped(stamp),
  };
  const entry = newReport(state, content, photos, stamp.at);
  await state.box.add(entry, bytesOf(photos, shots));
  await state.box.keep(CURRENT_DRAFT, entry.id);
  return entry;
}

export function stamped({ at, fix, bearing_deg, captured_at }: Stamp) {
  const taken = captured_at === undefined ? new Date(at).toISOString() : captured_at;
  return { captured_at: taken, device_fix: fix, bearing_deg };
}

export function holdUntil({ at, fix }: Pick<Stamp, "at" | "fix">): number {
  return isGood(fix, at) ? 0 : at + FIX_MS;
}

function newReport(
  state: State,
  content: ReportContent,
  photos: readonly PhotoEntry[],
  at: number,
): ReportEntry {
  return {
    kind: "report",
    id: crypto.randomUUID(),
    folder: "draft",
    createdAt: at,
    incident: state.incident.value?.slug ?? null,
    words: UNSENT,
    frozen: null,
    sentAt: null,
    content,
    photos,
    holdUntil: holdUntil({ at, fix: content.device_fix }),
    receipt: null,
  };
}

/**
 * More pictures. For a draft they are part of its words; once those are frozen an edit announces
 * them, written in the same transaction, so that nothing is left that nobody announces.
 */
export async function addPhotos(state: State, id: string, shots: readonly Shot[]): Promise<void> {
  const photos = await Promise.all(shots.map(hashed));
  const edit_id = crypto.randomUUID();
  await state.box.change<ReportEntry>(
    id,
    (entry) => {
      const announcedBy = entry.frozen ? edit_id : null;
      const added = photos.map((photo) => ({ ...photo, announcedBy }));
      const folder = entry.frozen ? "waiting" : entry.folder;
      return { ...entry, folder, photos: [...entry.photos, ...added] };
    },
    {
      bytes: bytesOf(photos, shots),
      edit: (entry) => {
        const photos_add = photos.map(announced);
        return entry.frozen ? newEdit("amend", id, edit_id, { edit_id, photos_add }) : null;
      },
    },
  );
}

async function hashed(shot: Shot): Promise<PhotoEntry> {
  return { ...photoOf(shot), sha256: hex(await sha256(shot.bytes)) };
}

export async function removePhoto(state: State, id: string, photo: string): Promise<void> {
  await state.box.change<ReportEntry>(id, (entry) =>
    entry.frozen ? entry : { ...entry, photos: entry.photos.filter((p) => p.id !== photo) },
  );
  await state.box.forgetOriginal(photo);
}

function photoOf(shot: Shot): PhotoEntry {
  return {
    id: crypto.randomUUID(),
    type: shot.type,
    size: shot.bytes.byteLength,
    sha256: null,
    from: shot.from,
    says: shot.says ?? null,
    announcedBy: null,
    preview: null,
    original: UNSENT,
    upload: null,
    uploaded: 0,
  };
}

function bytesOf(
  photos: readonly PhotoEntry[],
  shots: readonly Shot[],
): ReadonlyMap<string, ArrayBuffer> {
  return new Map(photos.map((photo, at) => [photo.id, (shots[at] as Shot).bytes]));
}

export interface Developed {
  readonly sha256: string;
  /** JPEG; null where this browser cannot decode the picture. */
  readonly preview: ArrayBuffer | null;
  readonly says?: PhotoSays | null;
}

/** The small picture is made and the digest known (photo worker). */
export async function photoDeveloped(
  state: State,
  id: string,
  photo: string,
  found: Developed,
): Promise<void> {
  if (found.preview) await state.box.keepPreview(photo, found.preview);
  await state.box.change<ReportEntry>(id, (entry) => ({
    ...entry,
    photos: entry.photos.map((p) =>
      p.id === photo
        ? {
            ...p,
            sha256: found.sha256,
            says: p.says ?? found.says ?? null,
            preview: p.preview ?? (found.preview ? UNSENT : null),
          }
        : p,
    ),
  }));
}

/** A field as it is typed. What has been sent is changed by `amend`. */
export async function describe(
  state: State,
  id: string,
  said: Partial<ReportContent>,
): Promise<void> {
  await state.box.change<ReportEntry>(id, (entry) =>
    entry.frozen ? entry : { ...entry, content: { ...entry.content, ...said } },
  );
}

/** Ready: from now on it sends itself. */
export async function finish(state: State, id: string): Promise<void> {
  const entry = await state.box.change<Entry>(id, (found) => ({
    ...found,
    folder: found.folder === "draft" ? "waiting" : found.folder,
    incident: found.incident ?? state.incident.value?.slug ?? null,
  }));
  await state.box.keep(CURRENT_DRAFT, null);
  if (entry?.kind === "report" && entry.content.category) {
    await rememberCategory(state, entry.content.category);
  }
}

async function rememberCategory(state: State, category: string): Promise<void> {
  const others = state.lastCategories.value.filter((code) => code !== category);
  await state.box.keep(LAST_CATEGORIES, [category, ...others].slice(0, 9));
}

export async function assignIncident(state: State, id: string, incident: string): Promise<void> {
  await state.box.change<Entry>(id, (entry) => {
    if (entry.words.state === "done") return entry;
    // another incident is another content: what was frozen for the first one was never stored
    return { ...entry, incident, frozen: null, words: UNSENT };
  });
}

/** An author's correction (PATCH with an edit_id); later ones of the same kind follow it in order. */
export async function amend(
  state: State,
  id: string,
  members: Readonly<Record<string, unknown>>,
): Promise<void> {
  const edit_id = crypto.randomUUID();
  await state.box.addEdit(newEdit("amend", id, edit_id, { edit_id, ...members }));
}

export async function answer(state: State, report: string, text: string): Promise<void> {
  const id = crypto.randomUUID();
  await state.box.addEdit(newEdit("answer", report, id, { id, kind: "answer", text }));
}

export async function readBroadcast(state: State, broadcast: string): Promise<void> {
  const read_at = new Date().toISOString();
  await state.box.addEdit(newEdit("read", broadcast, `read-${broadcast}`, { read_at }));
}

function newEdit(
  kind: Edit["kind"],
  target: string,
  id: string,
  body: Readonly<Record<string, unknown>>,
): Edit {
  return { id, kind, target, body, createdAt: Date.now(), delivery: UNSENT };
}

/** A report without a picture, or 異常なし in one tap. */
export async function write(
  state: State,
  said: Partial<ReportContent>,
  stamp: Stamp,
): Promise<ReportEntry> {
  const content = { ...NOTHING_SAID, ...stamped(stamp), ...said };
  const entry = newReport(state, content, [], stamp.at);
  await state.box.add(entry);
  await state.box.keep(CURRENT_DRAFT, entry.id);
  return entry;
}

export async function reportSituation(
  state: State,
  content: SituationContent,
): Promise<SituationEntry> {
  const entry: SituationEntry = {
    kind: "situation",
    id: crypto.randomUUID(),
    folder: "waiting",
    createdAt: Date.now(),
    incident: state.incident.value?.slug ?? null,
    words: UNSENT,
    frozen: null,
    sentAt: null,
    content,
  };
  await state.box.add(entry);
  return entry;
}

/** Tried again at once, also what needs attention. */
export async function tryAgain(state: State, id: string): Promise<void> {
  await state.box.change<Entry>(id, (entry) => {
    const words = entry.words.state === "attention" ? UNSENT : entry.words;
    if (entry.kind !== "report") return { ...entry, words };
    return { ...entry, words, photos: entry.photos.map(photoTriedAgain) };
  });
}

function photoTriedAgain(photo: PhotoEntry): PhotoEntry {
  const attention = photo.original.state === "attention";
  return { ...photo, original: attention ? UNSENT : photo.original };
}

/** "Not so" a moment after it was written: gone if it was not sent yet, else withdrawn. */
export async function takeBack(state: State, id: string, reason: string): Promise<void> {
  const entry = await state.box.change<Entry>(id, (found) =>
    found.frozen ? found : { ...found, folder: "draft" },
  );
  if (entry?.frozen) await amend(state, id, { withdrawn: true, reason });
  else await discard(state, id);
}

export async function discard(state: State, id: string): Promise<void> {
  await state.box.remove(id);
}
