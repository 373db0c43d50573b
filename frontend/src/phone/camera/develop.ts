/**
 * Gives every photo in the box its SHA-256, its small picture and, for chosen files, what they say
 * of themselves; one after another, by the photo worker. What a killed page left behind comes
 * first at the next start.
 */

import { hex, sha256 } from "../../outbox/digest.ts";
import { type Entry, type PhotoEntry, photosOf } from "../../outbox/entry.ts";
import type { Found, Wanted } from "../../photo-worker/order.ts";
import { type Board, previewOf } from "../../photo-worker/preview.ts";
import { describe, photoDeveloped } from "../reports.ts";
import type { State } from "../state.ts";
import { isNow, takenTime } from "./picture_time.ts";

// a worker that was ended by the system never answers
const PATIENCE_MS = 30_000;

export function developPhotos(state: State): void {
  const darkroom = new Darkroom(state);
  state.entries.watch(() => void darkroom.work());
}

interface Job {
  readonly entry: Entry;
  readonly photo: PhotoEntry;
}

class Darkroom {
  private readonly state: State;
  private worker: Worker | null = null;
  private busy = false;
  // what cannot be decoded is tried once in the life of a page
  private readonly tried = new Set<string>();

  constructor(state: State) {
    this.state = state;
  }

  async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let job = this.next(); job; job = this.next()) {
        this.tried.add(job.photo.id);
        // one picture that cannot be worked on never stops the others; it goes as it is
        await this.develop(job).catch(() => {});
      }
    } finally {
      this.busy = false;
    }
  }

  /** The newest first: somebody is looking at it. */
  private next(): Job | null {
    for (const entry of this.state.entries.value) {
      const photo = photosOf(entry).find((one) => isUndeveloped(one) && !this.tried.has(one.id));
      if (photo) return { entry, photo };
    }
    return null;
  }

  private async develop({ entry, photo }: Job): Promise<void> {
    const { state } = this;
    const wanted = { photo: photo.id, type: photo.type, facts: photo.from === "file" };
    const found = (await this.ask(wanted)) ?? NOTHING;
    if (found.sha256 !== null && found.canDraw) {
      await photoDeveloped(state, entry.id, photo.id, { ...found, sha256: found.sha256 });
    } else {
      await this.byHand(entry.id, photo, found);
    }
    await this.tellTime(entry, found);
  }

  /** Without a worker that can draw: here, which may be felt for a moment. */
  private async byHand(id: string, photo: PhotoEntry, found: Omit<Found, "photo">): Promise<void> {
    const bytes = await this.state.box.bytes(photo.id, "original");
    if (!bytes) return;
    const digest = found.sha256 ?? hex(await sha256(bytes));
    const preview = await previewOf(new Blob([bytes], { type: photo.type }), onPage);
    await photoDeveloped(this.state, id, photo.id, { sha256: digest, preview, says: found.says });
  }

  /** A chosen picture that was taken just now needs no question about its time. */
  private async tellTime(entry: Entry, { says }: Pick<Found, "says">): Promise<void> {
    if (entry.kind !== "report" || entry.content.captured_at !== null) return;
    const captured_at = takenTime(says?.taken_at ?? null);
    if (captured_at && isNow(captured_at, entry.createdAt)) {
      await describe(this.state, entry.id, { captured_at });
    }
  }

  /** null when there is no worker, or it does not answer. */
  private ask(wanted: Wanted): Promise<Found | null> {
    return new Promise((resolve) => {
      try {
        this.worker ??= new Worker(this.state.page.urls.photo_worker);
      } catch {
        return resolve(null);
      }
      const { worker } = this;
      const end = (found: Found | null) => {
        clearTimeout(timer);
        worker.onmessage = null;
        worker.onerror = null;
        if (!found) this.dismiss();
        resolve(found);
      };
      const timer = setTimeout(() => end(null), PATIENCE_MS);
      worker.onmessage = ({ data }: MessageEvent<Found>) => end(data);
      worker.onerror = () => end(null);
      worker.postMessage(wanted);
    });
  }

  private dismiss(): void {
    this.worker?.terminate();
    this.worker = null;
  }
}

const NOTHING = { sha256: null, says: null, preview: null, canDraw: false } as const;

function isUndeveloped(photo: PhotoEntry): boolean {
  return photo.original.state !== "done" && (photo.sha256 === null || photo.preview === null);
}

function onPage(width: number, height: number): Board {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no drawing here");
  const jpeg = (quality: number) =>
    new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  return { context, jpeg };
}
