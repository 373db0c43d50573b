/** What is typed: a comment, and the floor where there are floors. */

import { button, el } from "../../dom/element.ts";
import { plain, say } from "../../dom/say.ts";
import type { ReportEntry } from "../../outbox/entry.ts";
import type { Keep, Part } from "./part.ts";

// longer ones the service refuses (reports/payload.py)
const COMMENT_MAX = 4000;
const FLOOR_MAX = 20;
const FLOORS = ["B2", "B1", "1F", "2F", "3F"];
/** Where the floor says where somebody is to look. */
const WITH_FLOORS = new Set(["building", "shelter", "flooding", "other"]);

export class CommentPart implements Part {
  readonly element: HTMLElement;
  private readonly field = el("textarea", { id: "comment", rows: 3, maxlength: COMMENT_MAX });

  constructor(keep: Keep) {
    this.field.placeholder = plain("What do you see? Which way is blocked?");
    this.field.addEventListener("input", () => keep({ comment: this.field.value }));
    const optional = el("span", { class: "needed" }, say("if needed"));
    const label = el("label", { for: "comment" }, say("In words"), " ", optional);
    this.element = el("div", { class: "field" }, label, this.field);
  }

  update({ content }: ReportEntry): void {
    if (document.activeElement !== this.field) this.field.value = content.comment;
  }
}

export class FloorPart implements Part {
  readonly element = el("div");
  private readonly field = el("input", { id: "floor", maxlength: FLOOR_MAX, autocomplete: "off" });
  private readonly form: HTMLElement;
  private readonly ask: HTMLButtonElement;
  private readonly keep: Keep;
  private wanted = false;

  constructor(keep: Keep) {
    this.keep = keep;
    this.field.placeholder = plain("for example B1, 2F, roof");
    this.field.addEventListener("input", () => keep({ floor: this.field.value.trim() || null }));
    const label = el("label", { for: "floor" }, say("Floor"));
    this.form = el("div", { class: "field" }, label, this.chips(), this.field);
    this.ask = button("", () => this.want(), { class: "button" });
    this.ask.append(say("Add the floor (building, underground)"));
    this.element.append(this.ask, this.form);
  }

  update({ content }: ReportEntry): void {
    if (document.activeElement !== this.field) this.field.value = content.floor ?? "";
    const open = this.wanted || content.floor !== null || WITH_FLOORS.has(content.category ?? "");
    this.form.hidden = !open;
    this.ask.hidden = open;
  }

  private want(): void {
    this.wanted = true;
    this.form.hidden = false;
    this.ask.hidden = true;
    this.field.focus();
  }

  private chips(): HTMLElement {
    const chips = FLOORS.map((floor) => {
      const choose = () => {
        this.field.value = floor;
        this.keep({ floor });
      };
      return button(floor, choose, { class: "chip", translate: "no" });
    });
    return el("div", { class: "chips" }, ...chips);
  }
}
