/**
 * The last resort when nothing can be sent: everything that waits, words and pictures, in one file
 * that goes to headquarters by cable, card or another phone.
 */

import { ZipWriter } from "../../core/zip.ts";
import { reportBody, situationBody } from "../../outbox/body.ts";
import type { Edit, Entry, PhotoEntry } from "../../outbox/entry.ts";
import { photosOf } from "../../outbox/entry.ts";
import type { State } from "../state.ts";

export type Exported = "shared" | "saved" | "cancelled" | "empty";

/** `ids`: of entries in any folder; "all" = everything that is not sent yet. */
export async function exportEntries(
  state: State,
  ids: readonly string[] | "all",
): Promise<Exported> {
  const chosen = state.entries.value.filter(({ id, folder }) =>
    ids === "all" ? folder !== "sent" : ids.includes(id),
  );
  if (chosen.length === 0) return "empty";
  return handOver(await fileOf(state, chosen));
}

async function fileOf(state: State, entries: readonly Entry[]): Promise<File> {
  const zip = new ZipWriter();
  const now = new Date();
  for (const entry of entries) await addEntry(zip, state, entry);
  zip.add({ name: "phone.json", bytes: asJson(phoneOf(state, now)), at: now });
  const stamp = now.toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
  return new File([zip.finish()], `gspace-${stamp}.zip`, { type: "application/zip" });
}

/** Who exported; never the key. */
function phoneOf(state: State, now: Date): object {
  const { device, label, organisation } = state.device.value ?? {};
  return { device, label, organisation, exported_at: now.toISOString() };
}

async function addEntry(zip: ZipWriter, state: State, entry: Entry): Promise<void> {
  const at = new Date(entry.createdAt);
  const pictures: object[] = [];
  for (const photo of photosOf(entry)) pictures.push(await addPhoto(zip, state, entry, photo));
  const edits = state.edits.value.filter((edit) => edit.target === entry.id).map(editOf);
  const described = { ...wordsOf(entry), pictures, edits };
  zip.add({ name: `${entry.id}/${entry.kind}.json`, bytes: asJson(described), at });
}

function wordsOf(entry: Entry): object {
  const { kind, id, folder, frozen, words } = entry;
  // as it was sent first, so that headquarters' import and a late arrival are the same report
  const body = frozen ?? (kind === "report" ? reportBody(entry) : situationBody(entry));
  return { kind, id, folder, state: words.state, why: words.why, body };
}

async function addPhoto(
  zip: ZipWriter,
  state: State,
  entry: Entry,
  photo: PhotoEntry,
): Promise<object> {
  const which = (await state.box.bytes(photo.id, "original")) ? "original" : "preview";
  const bytes = await state.box.bytes(photo.id, which);
  const file = bytes
    ? `${photo.id}.${which === "preview" ? "preview.jpg" : endingOf(photo)}`
    : null;
  if (bytes && file) {
    const at = new Date(entry.createdAt);
    zip.add({ name: `${entry.id}/${file}`, bytes: new Uint8Array(bytes), at });
  }
  const { id, sha256, size, type } = photo;
  return { id, sha256, size, type, state: photo.original.state, file };
}

function endingOf({ type }: PhotoEntry): string {
  return { "image/png": "png", "image/heic": "heic", "image/webp": "webp" }[type] ?? "jpg";
}

function editOf({ id, kind, body }: Edit): object {
  return { id, kind, body };
}

function asJson(value: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value, null, 2));
}

/** Into another app where the phone offers it, else into the folder of downloads. */
async function handOver(file: File): Promise<Exported> {
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return "shared";
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return "cancelled";
      // too long after the tap, or a kind of file it does not take after all
    }
  }
  download(file);
  return "saved";
}

const REVOKE_MS = 60_000;

function download(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_MS);
}
