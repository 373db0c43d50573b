/** The dialog that asks to whom a report goes: found by typing, with a due time and a note. */

import { type Assignees, byHand, type Choice, found, isElsewhere, NO_ASSIGNEES } from "../core/assignees.ts"; // biome-ignore format: names
import { t } from "../core/language.ts";
import { button, el } from "../dom/element.ts";
import { AssigneeList } from "./assignee_list.ts";
import { DueChoice } from "./due_choice.ts";

export interface Draft {
  readonly value: string;
  readonly dueAt: string | null;
  readonly note?: string;
  readonly over?: boolean;
}

export interface Assignment {
  /** What PATCH takes; with a hand-over the note is its reason. */
  readonly edit: Readonly<Record<string, string | null>>;
  /** For the notes inside headquarters; empty with a hand-over. */
  readonly note: string;
  readonly draft: Draft;
}

export interface Asked {
  readonly title: string;
  readonly before: Draft;
  /** null when it could not be read: names can still be typed. */
  readonly found: Promise<Assignees | null>;
  readonly zone: string;
  readonly done: (chosen: Assignment | null) => void;
}

export class AssignDialog {
  private readonly asked: Asked;
  private all: Assignees = NO_ASSIGNEES;
  private value: string;
  private result: Assignment | null = null;
  private readonly search = el("input", {
    id: "assign-search",
    type: "search",
    maxlength: 120,
    autocomplete: "off",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "assign-list",
  });
  private readonly list: AssigneeList;
  private readonly due: DueChoice;
  private readonly over = el("input", { id: "assign-over", type: "checkbox" });
  private readonly note: HTMLTextAreaElement;
  private readonly noteLabel = el("label", { for: "assign-note" });
  private readonly wrong = el("p", { class: "error", role: "alert" });
  private readonly go = el("button", { type: "submit", class: "primary", id: "assign-go" });
  private readonly dialog: HTMLDialogElement;

  constructor(asked: Asked) {
    this.asked = asked;
    this.value = asked.before.value;
    this.list = new AssigneeList(this.search, (choice) => this.choose(choice));
    this.due = new DueChoice(asked.before.dueAt, asked.zone);
    this.note = el(
      "textarea",
      { id: "assign-note", rows: 2, maxlength: 1000 },
      asked.before.note ?? "",
    );
    this.over.checked = asked.before.over ?? false;
    this.dialog = this.made();
    this.listen();
    this.draw();
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.search.focus();
    void asked.found.then((all) => this.filled(all));
  }

  private made(): HTMLDialogElement {
    const cancel = button(t("Cancel"), () => this.dialog.close());
    const nobody = button(t("Assign to nobody"), () => this.choose(null), { class: "link" });
    const form = el(
      "form",
      { method: "dialog" },
      el("h2", { id: "assign-title" }, this.asked.title),
      el("label", { for: "assign-search" }, t("Team, body or person")),
      this.search,
      this.list.box,
      this.due.box,
      el("label", { class: "assign-over" }, this.over, " ", t("Hand over: they take it on, not this headquarters")),
      this.noteLabel,
      this.note,
      this.wrong,
      el("p", { class: "buttons" }, this.go, cancel, this.asked.before.value ? nobody : null),
    ); // biome-ignore format: one line a part
    return el("dialog", { class: "ask assign", "aria-labelledby": "assign-title" }, form);
  }

  private listen(): void {
    this.search.addEventListener("input", () => this.offer());
    this.over.addEventListener("change", () => this.draw());
    this.dialog.querySelector("form")?.addEventListener("submit", (event) => {
      this.result = this.read();
      if (this.result === null) event.preventDefault();
    });
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      this.asked.done(this.result);
    });
  }

  private filled(all: Assignees | null): void {
    this.all = all ?? NO_ASSIGNEES;
    this.list.box.classList.remove("skeleton");
    if (!all) this.wrong.textContent = t("The list cannot be read just now; a name can be typed.");
    this.offer();
  }

  private offer(): void {
    const words = this.search.value;
    const own = byHand(this.all, words);
    this.list.show([...found(this.all, words), ...(own ? [own] : [])], this.value);
  }

  private choose(choice: Choice | null): void {
    this.value = choice?.value ?? "";
    this.over.checked = choice !== null && isElsewhere(choice);
    this.offer();
    this.draw();
    this.go.focus();
  }

  private draw(): void {
    const name = this.value;
    const over = this.over.checked && name !== "";
    const nothing = name === "" && this.asked.before.value === "";
    this.go.textContent = nothing ? t("Choose who") : label(name, over);
    this.go.disabled = nothing;
    this.noteLabel.textContent = over
      ? t("Why, and what was agreed (kept as the reason)")
      : t("Note inside headquarters (may stay empty)");
  }

  /** null where something is missing, which is said. */
  private read(): Assignment | null {
    const dueAt = this.due.value();
    const note = this.note.value.trim();
    const over = this.over.checked && this.value !== "";
    this.wrong.textContent = this.missing(over, note, dueAt);
    if (this.wrong.textContent !== "") return null;
    const edit: Record<string, string | null> = { assigned_to: this.value };
    if (dueAt !== undefined) edit.due_at = dueAt;
    if (over) Object.assign(edit, { status: "handed_over", reason: note });
    const draft = { value: this.value, dueAt: dueAt ?? this.asked.before.dueAt, note, over };
    return { edit, note: over ? "" : note, draft };
  }

  private missing(over: boolean, note: string, dueAt: string | null | undefined): string {
    if (over && note === "") return t("A hand-over needs a word on why.");
    if (dueAt === null && this.due.isOwn) return t("Say at what time it is due.");
    return "";
  }
}

function label(name: string, over: boolean): string {
  if (name === "") return t("Assign to nobody");
  return over ? t("Hand over to {name}", { name }) : t("Assign to {name}", { name });
}
