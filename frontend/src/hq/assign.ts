/** Who works on a report, by when: shown in the detail, chosen in a dialog (key A). */

import { Problem } from "../core/api.ts";
import type { Assignees } from "../core/assignees.ts";
import { ngettext, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import { AssignDialog, type Assignment, type Draft } from "./assign_dialog.ts";
import { change } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { dueLine, whose } from "./due.ts";
import { toast, toastFailed } from "./undo.ts";

/** What was chosen outlives a failed try. */
const drafts = new Map<string, Draft>();

/** Asks to whom, and hands it over; nothing happens when the dialog is left. */
export async function assign(report: Report, desk: Desk): Promise<void> {
  const { receipt, assigned_to, due_at } = report.properties;
  const before = drafts.get(report.id) ?? { value: assigned_to ?? "", dueAt: due_at ?? null };
  const chosen = await askAssign(desk, t("Assign {receipt}", { receipt }), before);
  if (!chosen) return;
  drafts.set(report.id, chosen.draft);
  if (!(await change(report, chosen.edit, desk))) return;
  drafts.delete(report.id);
  const now = desk.store.get(report.id)?.properties.assigned_to ?? "";
  if (chosen.note && now === chosen.edit.assigned_to) await leaveNote(report, chosen.note, desk);
}

/** The dialog alone: what to change, for one report or for many; null when it was left. */
export async function askAssign(
  desk: Desk,
  title: string,
  before: Draft = { value: "", dueAt: null },
): Promise<Assignment | null> {
  const found = desk.api.get<Assignees>(desk.page.urls.assignees).catch(() => null);
  return new Promise((done) => {
    new AssignDialog({ title, before, found, zone: desk.page.incident.time_zone, done });
  });
}

export async function leaveNote(report: Report, text: string, desk: Desk): Promise<void> {
  const why = await postNote(report, text, desk);
  if (why === null) return;
  toastFailed(report, t("Assigned, but the note was not kept: {why}", { why }));
}

/** The same note with each of many. */
export async function leaveNotes(
  reports: readonly Report[],
  text: string,
  desk: Desk,
): Promise<void> {
  const failed: string[] = [];
  for (const report of reports) {
    const why = await postNote(report, text, desk);
    if (why !== null) failed.push(why);
  }
  const [why] = failed;
  if (why === undefined) return;
  const words = ngettext(
    "Assigned, but the note was not kept with {n}: {why}",
    "Assigned, but the note was not kept with {n}: {why}",
    failed.length,
    { why },
  );
  toast(words);
}

/** null when it is kept; else why not. */
async function postNote(report: Report, text: string, desk: Desk): Promise<string | null> {
  const url = `${desk.page.urls.report.replace("{id}", report.id)}/notes`;
  try {
    await desk.api.post(url, { kind: "note", text });
    return null;
  } catch (error) {
    return error instanceof Problem ? error.message : t("No connection.");
  }
}

/** The part of the detail; null for who may only read, where there is nothing to read. */
export function assignment(report: Report, desk: Desk): HTMLElement | null {
  const { assigned_to, due_at } = report.properties;
  if (!desk.mayEdit && !assigned_to && !due_at) return null;
  const open = button(t("Assign…"), () => void assign(report, desk), { id: "assign", title: "A" });
  const look = assigned_to ? {} : { class: "quiet" };
  const who = el(assigned_to ? "strong" : "span", look, whose(report));
  return el("section", { class: "assigned" }, who, dueLine(report), desk.mayEdit && open);
}
