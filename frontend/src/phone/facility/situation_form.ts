/** The questions about a facility: big buttons, plain numbers, every answer may be left out. */

import type { Vocabulary } from "../../core/vocabulary.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say, withReadings } from "../../dom/say.ts";
import { congestionCodes, hasGuests, operationCodes } from "./facility.ts";
import {
  type CodeField,
  countOf,
  LIFELINES,
  LONGEST_WORDS,
  NUMBERS,
  type NumberField,
  type SituationDraft,
} from "./situation_draft.ts";

export interface FormHandlers {
  /** Each time something is said, chosen or taken back. */
  readonly changed: (draft: SituationDraft) => void;
}

export class SituationForm {
  readonly root = el("div", { class: "stack situation" });
  draft: SituationDraft;
  private readonly words: Vocabulary;
  private readonly handlers: FormHandlers;

  constructor(kind: string, draft: SituationDraft, words: Vocabulary, handlers: FormHandlers) {
    this.draft = draft;
    this.words = words;
    this.handlers = handlers;
    const operation = operationCodes(kind, words);
    const congestion = congestionCodes(kind, words);
    const fields = [
      operation && this.codes("operation", say("Is it open?"), operation),
      congestion && this.codes("congestion", say("How full is it?"), congestion),
      hasGuests(kind, words) && this.numbers(),
      this.lifelines(),
      this.text(
        "needs",
        say("What is needed?"),
        plain("For example: blankets for 30, milk powder"),
      ),
      this.text("note", say("Anything else"), ""),
      this.time(),
    ];
    this.root.append(...fields.filter((field): field is HTMLElement => field instanceof Node));
  }

  private set(part: Partial<SituationDraft>): void {
    const begunAt = this.draft.begunAt ?? Date.now();
    this.draft = { ...this.draft, ...part, begunAt };
    this.handlers.changed(this.draft);
  }

  private codes(field: CodeField, label: Node, kind: string): HTMLElement {
    const tiles = el("div", { class: "tiles situation__tiles" });
    const draw = () => {
      const made = this.words.terms(kind).map(({ code, icon: mark }) => {
        const pressed = this.draft.codes[field] === code;
        const tile = button("", () => choose(code), {
          "aria-pressed": String(pressed),
          value: code,
        });
        tile.append(icon(mark), el("span", {}, withReadings(this.words.label(kind, code))));
        return el("div", { class: "tile" }, tile);
      });
      tiles.replaceChildren(...made);
    };
    const choose = (code: string) => {
      const { [field]: before, ...others } = this.draft.codes;
      // pressed again it is not said any more
      this.set({ codes: before === code ? others : { ...others, [field]: code } });
      draw();
      tiles.querySelector<HTMLElement>(`[value="${code}"]`)?.focus();
    };
    draw();
    return el("fieldset", { class: "field", "data-field": field }, el("legend", {}, label), tiles);
  }

  private numbers(): HTMLElement {
    const labels: Record<NumberField, Node> = {
      persons: say("People inside"),
      households: say("Households"),
      car_stayers: say("People who sleep in cars"),
    };
    const note = say("Leave blank what you did not count. 0 means none.");
    const fields = NUMBERS.map((name) => this.number(name, labels[name]));
    const legend = el("legend", {}, say("How many?"));
    return el(
      "fieldset",
      { class: "stack stack--close" },
      legend,
      el("p", { class: "soft" }, note),
      ...fields,
    );
  }

  private number(name: NumberField, label: Node): HTMLElement {
    const input = el("input", {
      name,
      type: "text",
      inputmode: "numeric",
      autocomplete: "off",
      maxlength: 12,
      value: this.draft.numbers[name] ?? "",
    });
    const error = el("span", { class: "field__error", role: "alert" });
    const check = () => {
      const wrong = countOf(input.value) === undefined;
      input.setAttribute("aria-invalid", String(wrong));
      error.replaceChildren(...(wrong ? [say("A whole number, please, or blank.")] : []));
    };
    input.addEventListener("input", () => {
      this.set({ numbers: { ...this.draft.numbers, [name]: input.value } });
      check();
    });
    check();
    return el("label", { class: "field situation__number" }, el("span", {}, label), input, error);
  }

  private lifelines(): HTMLElement {
    const labels = { power: say("Power"), water: say("Water"), toilets: say("Toilets") };
    const fields = LIFELINES.map((name) => this.codes(name, labels[name], "lifeline"));
    return el("div", { class: "stack situation__lifelines" }, ...fields);
  }

  private text(name: "needs" | "note", label: Node, placeholder: string): HTMLElement {
    const area = el("textarea", { name, rows: 2, maxlength: LONGEST_WORDS, placeholder });
    area.value = this.draft[name];
    area.addEventListener("input", () => this.set({ [name]: area.value }));
    return el("label", { class: "field" }, el("span", {}, label), area);
  }

  private time(): HTMLElement {
    const input = el("input", { type: "datetime-local", name: "at", max: local(Date.now()) });
    input.value = this.draft.at ? local(Date.parse(this.draft.at)) : "";
    input.addEventListener("input", () => this.set({ at: instant(input.value) }));
    const now = button(say("Now"), () => {
      input.value = "";
      this.set({ at: null });
    });
    now.className = "button";
    const hint = el("span", { class: "soft" }, say("Blank: the moment you record it."));
    const row = el("span", { class: "situation__time" }, input, now);
    const label = el("span", {}, say("When did you look?"));
    return el("div", { class: "field" }, el("label", { class: "field" }, label, row), hint);
  }
}

/** As the field wants it: the phone's own wall clock. */
function local(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - offset).toISOString().slice(0, 16);
}

function instant(typed: string): string | null {
  const at = Date.parse(typed);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
