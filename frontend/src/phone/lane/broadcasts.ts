/** Where this phone is as far as it knows, and the receipt for a broadcast. */

import type { Entry, Fix } from "../../outbox/entry.ts";
import { position } from "../place/position.ts";
import { readBroadcast } from "../reports.ts";
import type { State } from "../state.ts";

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
