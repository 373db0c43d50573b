/** What the author can still do about one report. */

import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { redraw } from "../../dom/redraw.ts";
import { say } from "../../dom/say.ts";
import { sentence } from "../frame/ask.ts";
import { go } from "../frame/router.ts";
import { correct, isSettled, isStillHere, laterLook, withdraw } from "../lane/corrections.ts";
import { addPhotos } from "../reports.ts";
import type { State } from "../state.ts";
import { exportEntries } from "../waiting/export.ts";
import type { Subject } from "./report_subject.ts";

export class Acts {
  readonly node = el("div", { class: "stack stack--close" });
  private readonly state: State;
  private readonly correction: Correction;
  private readonly buttons = el("div", { class: "acts" });
  private subject: Subject | null = null;

  constructor(state: State) {
    this.state = state;
    this.correction = new Correction(state);
    this.node.append(this.correction.node, this.buttons);
  }

  draw(subject: Subject): void {
    this.subject = subject;
    const { own, entry, report, erased } = subject;
    const open = own && !erased && !isSettled(report) && !isWithdrawing(subject);
    this.correction.node.hidden = !open;
    if (open) this.correction.draw(subject);
    redraw(this.buttons, [open, entry !== null, isStillHere(entry), entry?.folder], () => [
      open && this.act("position_pin", say("Correct the place on the map"), () => this.place()),
      open && entry && this.photoField(),
      this.act("ui_camera", say("A later look at the same place"), () => void this.later()),
      open &&
        !isStillHere(entry) &&
        this.act("status_withdrawn", say("Withdraw it"), () => void this.withdraw()),
      entry &&
        entry.folder !== "sent" &&
        this.act("ui_draft", say("Save as a file"), () => this.save()),
    ]);
  }

  private act(name: string, words: Node, run: () => void): HTMLElement {
    const made = button(words, run, { class: "button button--wide" });
    made.prepend(icon(name));
    return made;
  }

  private place(): void {
    if (this.subject) go(`place/${this.subject.id}`);
  }

  /** A picture that was taken meanwhile, or by the phone's own camera. */
  private photoField(): HTMLElement {
    const field = el("input", { type: "file", accept: "image/*", multiple: true, class: "unseen" });
    field.addEventListener("change", () => void this.add([...(field.files ?? [])]));
    const label = el("label", { class: "button button--wide" }, icon("ui_pictures"));
    label.append(say("Add a picture"), field);
    return label;
  }

  private async add(files: readonly File[]): Promise<void> {
    if (!this.subject || files.length === 0) return;
    const shots = files.map(async (file) => {
      const bytes = await file.arrayBuffer();
      return { bytes, type: file.type || "image/jpeg", from: "file" as const };
    });
    await addPhotos(this.state, this.subject.id, await Promise.all(shots));
  }

  private async later(): Promise<void> {
    if (!this.subject) return;
    const { id, category } = this.subject;
    go(`?to=${await laterLook(this.state, id, category ?? "other")}`);
  }

  private async withdraw(): Promise<void> {
    const { subject } = this;
    const question = say("Why is it withdrawn? Headquarters reads this.");
    const reason = await sentence({ question, action: say("Withdraw it"), danger: true });
    if (subject && reason) await withdraw(this.state, subject.id, reason);
  }

  private save(): void {
    if (this.subject) void exportEntries(this.state, [this.subject.id]);
  }
}

function isWithdrawing({ edits }: Subject): boolean {
  return edits.some(({ body, delivery }) => body.withdrawn && delivery.state === "waiting");
}

/** Comment and floor, typed into what is there; kept on this phone until saved. */
class Correction {
  readonly node: HTMLDetailsElement;
  private readonly state: State;
  private readonly comment = el("textarea", { id: "comment", rows: 3, maxlength: 4000 });
  private readonly floor = el("input", { id: "floor", maxlength: 20, autocomplete: "off" });
  private subject: Subject | null = null;
  private typed = false;

  constructor(state: State) {
    this.state = state;
    for (const field of [this.comment, this.floor]) {
      field.addEventListener("input", () => void this.keep());
    }
    const save = button(say("Save the correction"), () => void this.save(), {
      class: "button button--main",
    });
    this.node = el(
      "details",
      { class: "correction" },
      el("summary", {}, icon("ui_write"), say("Add or correct words")),
      el(
        "div",
        { class: "stack stack--close" },
        el(
          "div",
          { class: "field" },
          el("label", { for: "comment" }, say("Comment")),
          this.comment,
        ),
        el("div", { class: "field" }, el("label", { for: "floor" }, say("Floor")), this.floor),
        save,
      ),
    );
  }

  draw(subject: Subject): void {
    const first = this.subject === null;
    this.subject = subject;
    if (first) void this.readKept();
    if (this.typed) return;
    this.comment.value = subject.comment;
    this.floor.value = subject.floor ?? "";
  }

  private get name(): string {
    return `correction ${this.subject?.id}`;
  }

  private async readKept(): Promise<void> {
    const kept = await this.state.box.kept<{ comment: string; floor: string }>(this.name);
    if (!kept || this.typed) return;
    this.typed = true;
    this.node.open = true;
    this.comment.value = kept.comment;
    this.floor.value = kept.floor;
  }

  private async keep(): Promise<void> {
    this.typed = true;
    const typed = { comment: this.comment.value, floor: this.floor.value };
    await this.state.box.keep(this.name, typed);
  }

  private async save(): Promise<void> {
    const { subject } = this;
    if (!subject) return;
    const [comment, floor] = [this.comment.value.trim(), this.floor.value.trim()];
    const said = {
      ...(comment !== subject.comment && { comment }),
      ...(floor !== (subject.floor ?? "") && { floor: floor || null }),
    };
    if (Object.keys(said).length > 0) await correct(this.state, subject.id, said);
    await this.state.box.keep(this.name, null);
    this.typed = false;
    this.node.open = false;
  }
}
