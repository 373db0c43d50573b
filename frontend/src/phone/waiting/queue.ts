/** What a person does with what waits: let originals go, do without something, say it again. */

import { RELEASED_UNTIL } from "../../outbox/drain.ts";
import {
  type Edit,
  isDelivered,
  type PhotoEntry,
  type ReportEntry,
  UNSENT,
  withPhoto,
} from "../../outbox/entry.ts";
import type { Phone } from "../screen.ts";
import type { State } from "../state.ts";

/** "Send originals now" holds so long, whatever the link. */
const RELEASED_MS = 6 * 3_600_000;

export async function sendOriginalsNow({ state, pump }: Phone): Promise<void> {
  await state.box.keep(RELEASED_UNTIL, Date.now() + RELEASED_MS);
  await pump.now();
}

/** A picture that will never arrive stands in nobody's way any more. */
export async function doWithout(state: State, id: string, photo: string): Promise<void> {
  await state.box.change<ReportEntry>(id, (entry) => settled(withPhoto(entry, photo, givenUp)));
  await state.box.forgetOriginal(photo);
}

function givenUp(photo: PhotoEntry): PhotoEntry {
  const preview = photo.preview && { ...photo.preview, state: "done" as const };
  return { ...photo, preview, original: { ...photo.original, state: "done" } };
}

function settled(entry: ReportEntry): ReportEntry {
  return isDelivered(entry) ? { ...entry, folder: "sent" } : entry;
}

export async function trySayingAgain(state: State, edit: string): Promise<void> {
  await state.box.changeEdit(edit, (found) => ({ ...found, delivery: UNSENT }));
}

/** A correction or an answer that the service will not take, given up by the person. */
export async function unsay(state: State, edit: string): Promise<void> {
  await state.box.removeEdit(edit);
}

/** A receipt for a broadcast that was withdrawn meanwhile: nobody needs it, or needs to know. */
export async function dropSpentReceipts(state: State, edits: readonly Edit[]): Promise<void> {
  const spent = edits.filter(
    ({ kind, delivery }) => kind === "read" && delivery.state === "attention",
  );
  for (const { id } of spent) await state.box.removeEdit(id);
}
