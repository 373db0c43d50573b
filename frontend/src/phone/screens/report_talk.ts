/** Headquarters' questions on one report, and the answers of this phone's person. */

import { dayTime } from "../../core/times.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { redraw } from "../../dom/redraw.ts";
import { say } from "../../dom/say.ts";
import type { Edit } from "../../outbox/entry.ts";
import { openQuestions } from "../lane/news.ts";
import type { Note } from "../lane/own.ts";
import { answer } from "../reports.ts";
import type { State } from "../state.ts";

/** Kept under `answer <report>`: what is typed and not sent yet. */
const DRAFT = "answer ";

export class Talk {
  readonly node = el("div", { class: "talk stack stack--close" });
  private readonly state: State;
  private readonly report: string;
  private readonly said = el("ul", { class: "talk__said" });
  private readonly field = el("textarea", { id: "answer", rows: 3, maxlength: 2000 });
  private readonly form: HTMLElement;

  constructor(state: State, report: string) {
    this.state = state;
    this.report = report;
    this.form = this.madeForm();
    this.node.append(el("h2", { class: "small-title" }, say("Questions")), this.said, this.form);
    this.field.addEventListener(
      "input",
      () => void state.box.keep(DRAFT + report, this.field.value),
    );
    void this.readDraft();
  }

  draw(notes: readonly Note[], edits: readonly Edit[]): void {
    const waiting = edits.filter(({ kind }) => kind === "answer");
    this.node.hidden = notes.length + waiting.length === 0;
    const open = new Set(openQuestions(notes, edits).map(({ id }) => id));
    const key = [notes.map(({ id }) => id), waiting.map(({ id }) => id), [...open]];
    redraw(this.said, key, () => [
      ...notes.map((note) => noteNode(note, open.has(note.id))),
      ...waiting.map(waitingNode),
    ]);
    this.form.hidden = open.size === 0;
  }

  private madeForm(): HTMLElement {
    const send = button(say("Send the answer"), () => void this.send(), {
      class: "button button--main",
    });
    const label = el("label", { for: "answer" }, say("Your answer"));
    return el(
      "div",
      { class: "stack stack--close" },
      el("div", { class: "field" }, label, this.field),
      send,
    );
  }

  private async readDraft(): Promise<void> {
    const kept = await this.state.box.kept<string>(DRAFT + this.report);
    if (kept && this.field.value === "") this.field.value = kept;
  }

  private async send(): Promise<void> {
    const text = this.field.value.trim();
    if (text === "") return this.field.focus();
    await answer(this.state, this.report, text);
    this.field.value = "";
    await this.state.box.keep(DRAFT + this.report, "");
  }
}

function noteNode({ kind, text, author, created_at }: Note, open: boolean): HTMLElement {
  const time = dayTime(created_at, Date.now());
  const who = kind === "question" ? author : null;
  return el(
    "li",
    { class: `talk__${kind}${open ? " is-open" : ""}` },
    el("p", { class: "soft" }, open && icon("ui_alert"), " ", who ?? say("You"), ` ${time}`),
    el("p", {}, text),
  );
}

function waitingNode({ body, createdAt, delivery }: Edit): HTMLElement {
  const state =
    delivery.state === "attention" ? say("not sent: see the outbox") : say("waits to be sent");
  return el(
    "li",
    { class: "talk__answer is-waiting" },
    el(
      "p",
      { class: "soft" },
      icon("ui_outbox"),
      " ",
      say("You"),
      ` ${dayTime(createdAt, Date.now())} `,
      state,
    ),
    el("p", {}, String(body.text ?? "")),
  );
}
