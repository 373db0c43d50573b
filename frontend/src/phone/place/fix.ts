/**
 * Which of the positions that a phone hears belongs to a picture. Pure; degrees WGS 84, metres,
 * ms since 1970. The limits are those of the position rule (DESIGN 4.3).
 */

import type { Fix, ReportEntry } from "../../outbox/entry.ts";

/** Until so long after the shutter the best position wins. */
export const FIX_MS = 15_000;
/** Better than this there is nothing to wait for. */
export const GOOD_FIX_M = 20;
/** Heard longer than this before or after the shutter: somebody may have gone elsewhere. */
export const STALE_MS = 120_000;
/** From here on the service no longer trusts it alone. */
export const COARSE_M = 200;

// somebody walks away from a place, or towards it, this fast
const WALKED_M_PER_S = 1.4;
// what a receiver that does not tell its accuracy may be wrong by
const UNTOLD_M = 1000;
// worth an edit of what has been sent, or of what the person is already looking at
const NOTABLE_SHARE = 0.3;
const NOTABLE_M = 10;

export type FixQuality = "good" | "fair" | "coarse" | "stale" | "none";

export function isUsable(fix: Fix | null): fix is Fix {
  if (fix === null || !Number.isFinite(fix.lon) || !Number.isFinite(fix.lat)) return false;
  if (Math.abs(fix.lat) > 90 || Math.abs(fix.lon) > 180) return false;
  // what receivers say that have no position
  return Math.abs(fix.lat) > 1e-6 || Math.abs(fix.lon) > 1e-6;
}

/** `at`: the shutter. Also a position that came long after it is stale. */
export function isStale(fix: Fix, at: number): boolean {
  const apart = Math.abs(Date.parse(fix.fixed_at) - at);
  return !(apart <= STALE_MS);
}

export function qualityOf(fix: Fix | null, at: number): FixQuality {
  if (!isUsable(fix)) return "none";
  if (isStale(fix, at)) return "stale";
  const accuracy = accuracyOf(fix);
  if (accuracy > COARSE_M) return "coarse";
  return accuracy <= GOOD_FIX_M ? "good" : "fair";
}

/** Nothing better is to be expected: the words need not wait. */
export function isGood(fix: Fix | null, at: number): boolean {
  return qualityOf(fix, at) === "good";
}

/** The most likely one for a picture taken `at`; a stale one only where there is no other. */
export function bestFix(fixes: readonly Fix[], at: number): Fix | null {
  const usable = fixes.filter(isUsable);
  const fresh = usable.filter((fix) => !isStale(fix, at));
  const among = fresh.length > 0 ? fresh : usable;
  return among.reduce<Fix | null>(
    (best, fix) => (best === null || errorM(fix, at) < errorM(best, at) ? fix : best),
    null,
  );
}

/** Whether `next` takes the place of what a report says of its position. */
export function improves(next: Fix, entry: ReportEntry): boolean {
  const { captured_at, device_fix } = entry.content;
  const at = captured_at === null ? Number.NaN : Date.parse(captured_at);
  // a picture of another time was not taken here; without any place because somebody said so
  if (!isUsable(next) || isStale(next, at) || isLeftOut(entry)) return false;
  if (!isUsable(device_fix) || isStale(device_fix, at)) return true;
  const gain = errorM(device_fix, at) - errorM(next, at);
  if (entry.frozen === null && Date.parse(next.fixed_at) <= at + FIX_MS) return gain > 0;
  return gain >= NOTABLE_M && gain >= NOTABLE_SHARE * errorM(device_fix, at);
}

/** Somebody took the position away, or none will come: nothing is waited for. */
function isLeftOut({ content, holdUntil }: ReportEntry): boolean {
  return content.device_fix === null && holdUntil === 0;
}

/** How far from the place of the shutter it may be. */
function errorM(fix: Fix, at: number): number {
  const seconds = Math.abs(Date.parse(fix.fixed_at) - at) / 1000;
  return accuracyOf(fix) + WALKED_M_PER_S * seconds;
}

function accuracyOf({ accuracy_m }: Fix): number {
  return accuracy_m !== null && accuracy_m >= 0 ? accuracy_m : UNTOLD_M;
}
