/** What an author says of a report after it was written: changed here, and sent as an edit. */

import type { Report } from "../../core/report.ts";
import type { Edit, Entry, ReportEntry } from "../../outbox/entry.ts";
import { withoutPhoto } from "../camera/capture.ts";
import { amend, describe } from "../reports.ts";
import type { State } from "../state.ts";

export interface Said {
  readonly comment?: string;
  readonly floor?: string | null;
}

/** Afterwards the words belong to headquarters' record (reports/actions/author.py). */
const SETTLED = new Set(["resolved", "rejected", "withdrawn"]);

export function isSettled(report: Report | null): boolean {
  return report !== null && SETTLED.has(report.properties.status);
}

/** Into the words while they wait; once they may be on their way, as an edit. */
export async function correct(state: State, id: string, said: Said): Promise<void> {
  let sent = true;
  await state.box.change<ReportEntry>(id, (entry) => {
    sent = entry.frozen !== null;
    return { ...entry, content: { ...entry.content, ...said } };
  });
  if (sent) await amend(state, id, { ...said });
}

export async function withdraw(state: State, id: string, reason: string): Promise<void> {
  await amend(state, id, { withdrawn: true, reason });
}

/** A new draft that follows an earlier report of the same place. Answers its id. */
export async function laterLook(state: State, earlier: string, category: string): Promise<string> {
  const id = await withoutPhoto(state);
  await describe(state, id, { follows: earlier, category });
  return id;
}

/** Members that edits on their way will change, the last one wins. */
export function pending(edits: readonly Edit[], report: string): Readonly<Record<string, unknown>> {
  const own = edits.filter(
    ({ kind, target, delivery }) =>
      kind === "amend" && target === report && delivery.state === "waiting",
  );
  return Object.assign({}, ...own.sort((a, b) => a.createdAt - b.createdAt).map((e) => e.body));
}

/** Nothing of it may have reached the service. */
export function isStillHere(entry: Entry | null): boolean {
  return entry !== null && entry.frozen === null && entry.folder !== "sent";
}
