/** From the shutter, or from a chosen file, to a record in the box. */

import { position } from "../place/position.ts";
import { fixSettled, stampFirst } from "../place/report_place.ts";
import { addPhotos, finish, type Shot, type Stamp, shoot, write } from "../reports.ts";
import { CURRENT_DRAFT, type State } from "../state.ts";
import { askPersist } from "../waiting/storage.ts";
import { compass } from "./bearing.ts";
import type { Camera } from "./camera.ts";
import { fileTime } from "./picture_time.ts";

/** More the service does not take with one report (LIMIT_PHOTOS_PER_REPORT). */
export const MOST_PHOTOS = 20;

/** A picture in hand that is not in the box yet. */
export interface Taken {
  readonly shots: readonly Shot[];
  readonly stamp: Stamp;
}

/** Place, direction and clock are those of the tap, whatever time the sensor takes. */
export async function pressShutter(camera: Camera): Promise<Taken> {
  const stamp = stampNow();
  return { shots: [await camera.take()], stamp };
}

export function stampNow(): Stamp {
  const at = Date.now();
  return { at, fix: position.bestAt(at), bearing_deg: compass.now() };
}

/** Taken a moment ago by the phone's own camera app. */
export async function fromCameraApp(files: readonly File[]): Promise<Taken> {
  const stamp = stampNow();
  return { shots: await shotsOf(files), stamp };
}

/**
 * Older ones: neither place nor direction are those of now, nor is the time, as far as it is known.
 * Who sends the day's pictures from the station must not put them all there.
 */
export async function fromGallery(files: readonly File[]): Promise<Taken> {
  const stamp = stampNow();
  const newest = Math.max(...files.map((file) => file.lastModified));
  const captured_at = fileTime(newest, stamp.at);
  return {
    shots: await shotsOf(files),
    stamp: { at: stamp.at, fix: null, bearing_deg: null, captured_at },
  };
}

function shotsOf(files: readonly File[]): Promise<Shot[]> {
  const some = files.slice(0, MOST_PHOTOS);
  return Promise.all(
    some.map(async (file): Promise<Shot> => {
      return { bytes: await file.arrayBuffer(), type: file.type || "image/jpeg", from: "file" };
    }),
  );
}

/** A new draft, or more pictures of report `to`. Answers the report's id. */
export async function keepTaken(
  state: State,
  { shots, stamp }: Taken,
  to: string | null,
): Promise<string> {
  if (to !== null) {
    await stampFirst(state, to, stamp);
    await addPhotos(state, to, shots);
    await waitNoMoreIfHopeless(state, to);
    return to;
  }
  const { id } = await shoot(state, shots, stamp);
  // where older pictures were taken, no position of now can tell
  if (stamp.captured_at !== undefined) await fixSettled(state, id);
  else await waitNoMoreIfHopeless(state, id);
  return id;
}

export async function withoutPhoto(state: State): Promise<string> {
  const { id } = await write(state, {}, stampNow());
  await waitNoMoreIfHopeless(state, id);
  return id;
}

/** 異常なし: one tap, and it is on its way. */
export async function allClear(state: State): Promise<string> {
  const draft = await state.box.kept<string>(CURRENT_DRAFT);
  const { id } = await write(state, { category: "all_clear" }, stampNow());
  await finish(state, id);
  // what was being written before goes on being the current draft
  if (draft) await state.box.keep(CURRENT_DRAFT, draft);
  await waitNoMoreIfHopeless(state, id);
  return id;
}

async function waitNoMoreIfHopeless(state: State, id: string): Promise<void> {
  if (!position.hopes) await fixSettled(state, id);
}

let asked = false;

/** Within the first tap: that the browser never clears what is kept here, and the compass. */
export function askInTap(): void {
  compass.askInTap();
  if (asked) return;
  asked = true;
  void askPersist();
}
