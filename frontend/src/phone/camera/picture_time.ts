/** When a picture was taken, by what it or its file says. Pure; ms since 1970 or RFC 3339. */

import { STALE_MS } from "../place/fix.ts";

/** EXIF's time as RFC 3339; a camera that does not tell its zone is taken to be in this phone's. */
export function takenTime(taken_at: string | null): string | null {
  const at = taken_at === null ? Number.NaN : Date.parse(taken_at);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** Whether it is the time of the position that the phone has now. */
export function isNow(captured_at: string, now: number): boolean {
  return Math.abs(Date.parse(captured_at) - now) <= STALE_MS;
}

/** A file's date, where it is one: pickers that copy the picture give it the time of copying. */
export function fileTime(lastModified: number, now: number): string | null {
  const old = now - lastModified > STALE_MS && lastModified > 0;
  return old ? new Date(lastModified).toISOString() : null;
}
