/** What headquarters does with a report: buttons that say it, and what happens when two do. */

import { Problem } from "../core/api.ts";
import { t } from "../core/language.ts";
import { asItem, type Report } from "../core/report.ts";
import { isWaiting } from "../core/statuses.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import { acceptButton } from "./accept.ts";
import { askReason } from "./ask_reason.ts";
import { showConflict } from "./conflict.ts";
import { deedWords } from "./deed_words.ts";
import type { Desk } from "./desk.ts";
import { inTurn } from "./in_turn.ts";
import { openNext } from "./queue.ts";
import { toast, toastFailed } from "./undo.ts";

export type Edit = Readonly<Record<string, unknown>>;

interface Step {
  readonly to: string;
  readonly says: () => string;
  readonly main?: boolean;
}

const VERIFY: Step = { to: "verified", says: () => t("Mark as verified"), main: true };
const START: Step = { to: "in_progress", says: () => t("Start work"), main: true };
const HAND_OVER: Step = { to: "handed_over", says: () => t("Hand over") };
const RESOLVE: Step = { to: "resolved", says: () => t("Mark as resolved") };
const REJECT: Step = { to: "rejected", says: () => t("Reject…") };
const REOPEN: Step = { to: "in_progress", says: () => t("Reopen") };
const BACK: Step = { to: "received", says: () => t("Back to received") };

const STEPS: Readonly<Record<string, readonly Step[]>> = {
  received: [VERIFY, { ...START, main: false }, REJECT],
  verified: [START, HAND_OVER, RESOLVE, REJECT],
  in_progress: [{ ...RESOLVE, main: true }, HAND_OVER, REJECT],
  handed_over: [{ ...RESOLVE, main: true }, REOPEN],
  resolved: [REOPEN],
  rejected: [BACK],
  withdrawn: [BACK],
};

/** What the next main step is: for the keyboard. */
export function mainStep(report: Report): string | null {
  return STEPS[report.properties.status]?.find((step) => step.main)?.to ?? null;
}

export function decisions(report: Report, desk: Desk): HTMLElement {
  const steps = STEPS[report.properties.status] ?? [];
  const first = acceptButton(report, () => void acceptReport(report, desk));
  // one main button: with somebody waiting, it is the one that answers them
  const shown = first ? steps.map((step) => ({ ...step, main: false })) : steps;
  const buttons = shown.map((step) => stepButton(step, report, desk));
  return el("div", { class: "decisions" }, first, ...buttons);
}

function stepButton(step: Step, report: Report, desk: Desk): HTMLElement {
  const act = () => void take(step.to, report, desk);
  const made = button("", act, {
    class: step.main ? "primary" : "",
    id: `step-${step.to}`,
    "data-to": step.to,
  });
  made.append(icon(`status_${step.to}`), step.says());
  return made;
}

/** Whoever starts work on a report stays with it; whoever has only looked goes on. */
const REVIEWED: ReadonlySet<string> = new Set(["verified", "rejected"]);

/** Why a report is rejected, of each: what was typed outlives a failed try. */
const reasons = new Map<string, string>();

/** A step of the status; through the queue it goes on to the next one that waits. */
export async function take(to: string, report: Report, desk: Desk): Promise<void> {
  const reason = to === "rejected" ? await askRejection(reasons.get(report.id)) : undefined;
  if (reason === null) return;
  const edit = reason === undefined ? { status: to } : { status: to, reason };
  const isReview = isWaiting(report) && REVIEWED.has(to);
  const { kind } = told(await send(report, edit, desk), report);
  if (reason !== undefined) keepReason(report, kind === "failed" ? reason : "");
  if (kind === "done" && isReview) void openNext(report.id, desk);
}

function keepReason({ id }: Report, reason: string): void {
  if (reason) reasons.set(id, reason);
  else reasons.delete(id);
}

/** `draft`: what was typed at a try that failed. */
export function askRejection(draft?: string): Promise<string | null> {
  return askReason(t("Why is this report rejected?"), t("Reject this report"), draft);
}

export function setSeverity(report: Report, severity: string, desk: Desk): void {
  if (severity !== report.properties.severity) void change(report, { severity }, desk);
}

export function severityChoice(report: Report, desk: Desk): HTMLElement {
  const options = desk.words.terms("severity").map(({ code }) => {
    const selected = code === report.properties.severity;
    return el("option", { value: code, selected }, desk.words.label("severity", code));
  });
  const choice = el("select", { id: "severity", "aria-label": t("Severity") }, ...options);
  choice.addEventListener("change", () => void change(report, { severity: choice.value }, desk));
  return choice;
}

/**
 * Sends an edit against the version on the screen; a crossing edit is shown, never overrun.
 * false when the try failed and nothing was decided, which is said.
 */
export async function change(report: Report, edit: Edit, desk: Desk): Promise<boolean> {
  return told(await send(report, edit, desk), report).kind !== "failed";
}

/** left: somebody else was faster, and the operator let it be. */
export type Sent = { readonly kind: "done" | "left" } | Failed;

interface Failed {
  readonly kind: "failed";
  readonly why: string;
}

const DONE: Sent = { kind: "done" };
const LEFT: Sent = { kind: "left" };

function told(sent: Sent, report: Report): Sent {
  if (sent.kind === "failed") toastFailed(report, sent.why);
  return sent;
}

/** The same for who says by themselves what went wrong. */
export function send(report: Report, edit: Edit, desk: Desk): Promise<Sent> {
  return inTurn(report, desk, async (now) => {
    // pressed twice: the first has done it
    if (now !== report && hasAlready(now, edit)) return DONE;
    return trySending(now, edit, desk);
  });
}

function hasAlready({ properties }: Report, edit: Edit): boolean {
  const said: Edit = { ...properties };
  return Object.entries(edit).every(([name, value]) => said[name] === value);
}

async function trySending(report: Report, edit: Edit, desk: Desk): Promise<Sent> {
  try {
    const { version } = report.properties;
    const url = desk.page.urls.report.replace("{id}", report.id);
    accept(await desk.api.patch<Report>(url, edit, version), desk);
    desk.deeds.did({
      words: deedWords(report, edit, desk.words),
      // what the change made it: what the answer shows may be of somebody faster already
      reports: [{ id: report.id, version: version + 1 }],
    });
    return DONE;
  } catch (error) {
    return refused(error, report, edit, desk);
  }
}

/** Tells the reporter that headquarters has it; no version, as two who do mean the same. */
export async function acceptReport(report: Report, desk: Desk): Promise<void> {
  const act = (now: Report) => tryAccepting(now, desk);
  if (!report.properties.accepted_at) told(await inTurn(report, desk, act), report);
}

async function tryAccepting(report: Report, desk: Desk): Promise<Sent> {
  if (report.properties.accepted_at) return DONE;
  const url = `${desk.page.urls.report.replace("{id}", report.id)}/accept`;
  try {
    const now = await desk.api.post<Report>(url, {});
    accept(now, desk);
    const version = report.properties.version + 1;
    // else somebody else had it first, or has changed it since
    if (now.properties.version !== version) return DONE;
    const words = t("Accepted {receipt}", { receipt: report.properties.receipt });
    desk.deeds.did({ words, reports: [{ id: report.id, version }] });
    return DONE;
  } catch (error) {
    return refused(error, report, {}, desk);
  }
}

/** Takes back the last change people made. */
export async function undo(report: Report, desk: Desk): Promise<void> {
  told(await inTurn(report, desk, (now) => tryUndoing(now, desk)), report);
}

async function tryUndoing(report: Report, desk: Desk): Promise<Sent> {
  const { version } = report.properties;
  const url = `${desk.page.urls.report.replace("{id}", report.id)}/undo`;
  try {
    accept(await desk.api.post<Report>(url, {}, version), desk);
    desk.deeds.made({ id: report.id, version: version + 1 });
    desk.deeds.undone(desk.deeds.deedOf({ id: report.id, version }));
    // instead of the offer to take back what is taken back by now
    toast(t("Taken back: {what}", { what: report.properties.receipt }));
    return DONE;
  } catch (error) {
    return refused(error, report, {}, desk);
  }
}

// The feed brings the same feature in a moment; this only spares the operator the wait.
function accept(report: Report, desk: Desk): void {
  desk.store.apply([asItem(report)]);
  desk.ticks.saw(report);
}

async function refused(error: unknown, report: Report, edit: Edit, desk: Desk): Promise<Sent> {
  if (error instanceof Problem && error.status === 412) {
    const current = error.body.current as Report;
    desk.store.apply([asItem(current)]);
    const isWanted = await showConflict(report, current, edit, desk.words);
    return isWanted ? trySending(current, edit, desk) : LEFT;
  }
  const known = error instanceof Problem ? error.message : null;
  return { kind: "failed", why: known ?? t("Not saved: no connection. Nothing was changed.") };
}
