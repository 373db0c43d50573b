/** Where a report is: what the phone hears later, and what a person says. */

import type { Fix, ReportContent, ReportEntry } from "../../outbox/entry.ts";
import { amend, holdUntil, type Stamp, stamped } from "../reports.ts";
import type { State } from "../state.ts";
import { improves, isGood } from "./fix.ts";

/** A position that came after the shutter: into the words while they wait, else as a correction. */
export async function betterFix(state: State, id: string, fix: Fix): Promise<void> {
  let sent = false;
  await state.box.change<ReportEntry>(id, (entry) => {
    // looked at again here: another tab or the sender may have been faster
    const wins = improves(fix, entry);
    sent = wins && entry.frozen !== null;
    if (!wins) return entry;
    const good = isGood(fix, Date.parse(entry.content.captured_at ?? ""));
    const next = { ...entry, content: { ...entry.content, device_fix: fix } };
    return good ? { ...next, holdUntil: 0 } : next;
  });
  if (sent) await amend(state, id, { device_fix: fix });
}

/** The first picture of a draft that was begun without one: its place and time are the picture's. */
export async function stampFirst(state: State, id: string, stamp: Stamp): Promise<void> {
  await state.box.change<ReportEntry>(id, (entry) => {
    if (entry.frozen || entry.photos.length > 0) return entry;
    const content = { ...entry.content, ...stamped(stamp) };
    return { ...entry, content, holdUntil: holdUntil(stamp) };
  });
}

/** Nothing more will come: the words need not wait for it. */
export async function fixSettled(state: State, id: string): Promise<void> {
  await state.box.change<ReportEntry>(id, (entry) => ({ ...entry, holdUntil: 0 }));
}

/** Where it is, as a person says it; null = nobody knows. Also of what has been sent. */
export async function putAt(
  state: State,
  id: string,
  where: Pick<ReportContent, "pin"> & Partial<Pick<ReportContent, "device_fix">>,
): Promise<void> {
  let sent = true;
  await state.box.change<ReportEntry>(id, (entry) => {
    sent = entry.frozen !== null;
    // nothing better is waited for once a person has said it
    return { ...entry, content: { ...entry.content, ...where }, holdUntil: 0 };
  });
  if (sent) await amend(state, id, where);
}
