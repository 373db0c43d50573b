/** Questions to the reporter of a report, the answers, and notes that stay at headquarters. */

import { Problem } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { timeAgo } from "../core/times.ts";
import { button, el } from "../dom/element.ts";
import { askReason } from "./ask_reason.ts";
import type { Desk } from "./desk.ts";
import { toastFailed } from "./undo.ts";

interface Note {
  readonly id: string;
  readonly report: string;
  /** question and answer are read on the phone; note by headquarters alone. */
  readonly kind: string;
  readonly text: string;
  readonly author: string;
  readonly created_at: string;
}

/** What was read longer ago is read again when the report is drawn (ms). */
const FRESH_MS = 20_000;

export class Talk {
  private readonly desk: Desk;
  private readonly notes = new Map<string, Map<string, Note>>();
  private readonly readAt = new Map<string, number>();
  /** What was typed outlives a failed try. */
  private readonly drafts = new Map<string, string>();
  private box: HTMLElement | null = null;
  private shown = "";

  constructor(desk: Desk) {
    this.desk = desk;
  }

  /** The part of the detail; it fills itself, and again when something is said. */
  section(report: Report): HTMLElement {
    this.box = el("div", { class: "talk-lines" });
    this.shown = report.id;
    this.draw();
    if (Date.now() - (this.readAt.get(report.id) ?? 0) > FRESH_MS) void this.read(report.id);
    const ask = button(t("Ask the reporter…"), () => void this.ask(report), { id: "ask-reporter" });
    const note = button(t("Write a note…"), () => void this.note(report), { id: "write-note" });
    return el(
      "section",
      { class: "talk" },
      el("h3", {}, t("Questions, answers, notes")),
      this.box,
      report.properties.channel ? byMouth(report) : null,
      el("p", { class: "buttons" }, report.properties.channel ? null : ask, note),
    );
  }

  /** News of the feed: an answer to a report that is not open puts it among the new ones. */
  changed(changes: readonly (Item | Gone)[]): void {
    for (const change of changes) {
      if (change.kind !== "note" || !("feature" in change) || !isNote(change.feature)) continue;
      const note = change.feature;
      if (note.kind === "answer" && note.report !== this.desk.selected.value) {
        this.desk.newcomers.again(note.report);
      }
      this.keep([note]);
    }
  }

  private async read(report: string): Promise<void> {
    this.readAt.set(report, Date.now());
    try {
      const { items } = await this.desk.api.get<{ items: readonly unknown[] }>(this.url(report));
      this.keep(items.filter(isNote));
    } catch {
      this.readAt.delete(report);
      const words = t("The questions cannot be read just now.");
      if (report === this.shown) this.box?.append(el("p", { class: "error" }, words));
    }
  }

  private keep(notes: readonly Note[]): void {
    for (const note of notes) {
      const said = this.notes.get(note.report) ?? new Map<string, Note>();
      this.notes.set(note.report, said.set(note.id, note));
    }
    if (notes.some((note) => note.report === this.shown)) this.draw();
  }

  private draw(): void {
    const said = [...(this.notes.get(this.shown)?.values() ?? [])].sort(byTime);
    const none = el("p", { class: "quiet" }, t("Nothing has been asked or noted."));
    this.box?.replaceChildren(said.length > 0 ? el("ol", {}, ...said.map(line)) : none);
  }

  private async ask(report: Report): Promise<void> {
    const label = t("What do you want to know from the reporter?");
    await this.say("question", report, label, t("Send the question"));
  }

  private async note(report: Report): Promise<void> {
    await this.say("note", report, t("A note that stays at headquarters"), t("Keep the note"));
  }

  private async say(kind: string, report: Report, label: string, does: string): Promise<void> {
    const draft = `${kind} ${report.id}`;
    const text = await askReason(label, does, this.drafts.get(draft));
    this.drafts.delete(draft);
    if (text === null) return;
    try {
      this.keep([await this.desk.api.post<Note>(this.url(report.id), { kind, text })]);
    } catch (error) {
      this.drafts.set(draft, text);
      const words = error instanceof Problem ? error.message : t("Not sent: no connection.");
      toastFailed(report, words);
    }
  }

  private url(report: string): string {
    return `${this.desk.page.urls.report.replace("{id}", report)}/notes`;
  }
}

function line(note: Note): HTMLElement {
  const who = `${note.author} ${timeAgo(note.created_at, Date.now())}`;
  const kinds: Record<string, string> = { answer: t("Answer"), note: t("Note, headquarters only") };
  return el(
    "li",
    { class: `talk-${note.kind}` },
    el("span", { class: "quiet" }, el("b", {}, kinds[note.kind] ?? t("Question")), ` ${who}`),
    el("p", { class: "comment" }, note.text),
  );
}

function byTime(a: Note, b: Note): number {
  return Date.parse(a.created_at) - Date.parse(b.created_at);
}

/** What was told has no phone of ours: a question would wait for ever. */
function byMouth({ properties }: Report): HTMLElement {
  const who = properties.told_by || t("Not known");
  return el("p", { class: "quiet" }, t("No phone reads questions here. Told by: {who}", { who }));
}

function isNote(value: unknown): value is Note {
  const { id, report, text } = (value ?? {}) as Partial<Note>;
  return typeof id === "string" && typeof report === "string" && typeof text === "string";
}
