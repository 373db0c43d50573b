/** Which broadcasts stand up before everything, and the receipt for them. */

import type { Position } from "geojson";
import { mayBeInside } from "../core/inside.ts";
import type { Entry, Fix } from "../outbox/entry.ts";
import type { OwnBroadcast } from "./own.ts";
import { position } from "./position.ts";
import { readBroadcast } from "./reports.ts";
import type { State } from "./state.ts";

/** Where somebody was longer ago says nothing about where they are. */
export const OLD_FIX_MS = 30 * 60_000;

/** Before everything: for all, for here, and where nobody knows where this phone is. */
export function isForHere({ area }: OwnBroadcast, fix: Fix | null, now: number): boolean {
  if (area === null || fix === null) return true;
  if (now - Date.parse(fix.fixed_at) > OLD_FIX_MS) return true;
  const at: Position = [fix.lon, fix.lat];
  return mayBeInside(area, at, fix.accuracy_m ?? 0);
}

/** The newest position that the phone has heard or written down. */
export function lastFix(entries: readonly Entry[]): Fix | null {
  const written = entries.flatMap((entry) =>
    entry.kind === "report" && entry.content.device_fix ? [entry.content.device_fix] : [],
  );
  const all = position.fix.value ? [position.fix.value, ...written] : written;
  return all.reduce<Fix | null>(
    (newest, fix) =>
      newest && Date.parse(newest.fixed_at) >= Date.parse(fix.fixed_at) ? newest : fix,
    null,
  );
}

/** Kept here at once; the receipt for headquarters goes with the outbox. */
export async function confirmRead(state: State, id: string): Promise<void> {
  await state.mine.sawBroadcast(id, new Date().toISOString());
  await readBroadcast(state, id);
}
