/** How far the queue has come since it was empty last: "37 / 100". */

import { type Entry, type PhotoEntry, photoIsDelivered, photosOf } from "../../outbox/entry.ts";
import type { State } from "../state.ts";

/** Kept: since when there has been something in the queue (ms since 1970); null = it is empty. */
export const QUEUE_SINCE = "queue_since";

export interface Share {
  readonly done: number;
  readonly all: number;
}

export interface Progress {
  /** Reports and looks at facilities whose words have arrived. */
  readonly words: Share;
  /** Originals. */
  readonly photos: Share;
}

/** Of what waits now, and of what has been sent since. */
export function progressOf(entries: readonly Entry[], since: number): Progress {
  const batch = entries.filter(
    ({ folder, sentAt }) => folder === "waiting" || (folder === "sent" && (sentAt ?? 0) >= since),
  );
  const words = batch.filter((entry) => entry.words.state === "done").length;
  const photos = batch.flatMap(photosOf);
  return {
    words: { done: words, all: batch.length },
    photos: { done: photos.filter(photoIsDelivered).length, all: photos.length },
  };
}

/** Of an original on its way: bytes the service has, of all. */
export function uploadOf(photo: PhotoEntry): Share | null {
  if (photo.original.state !== "waiting" || photo.uploaded === 0) return null;
  return { done: Math.min(photo.uploaded, photo.size), all: photo.size };
}

export function percent({ done, all }: Share): number {
  return all === 0 ? 100 : Math.floor((done / all) * 100);
}

/** Keeps when the queue began, so that a new start of the browser counts on. */
export function watchQueue(state: State): void {
  const look = async () => {
    const waits = state.entries.value.some(({ folder }) => folder === "waiting");
    const since = (await state.box.kept<number | null>(QUEUE_SINCE)) ?? null;
    if (waits === (since !== null)) return;
    await state.box.keep(QUEUE_SINCE, waits ? Date.now() : null);
  };
  state.entries.watch(() => void look().catch(() => {}));
}
