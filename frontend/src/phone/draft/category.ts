/** What it is: nine big buttons, those used last first, the others behind one more. */

import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say, withReadings } from "../../dom/say.ts";
import type { ReportEntry } from "../../outbox/entry.ts";
import type { State } from "../state.ts";
import type { Keep, Part } from "./part.ts";
import { check, radioTile } from "./tiles.ts";

const BIG = 9;

/** The order of the buttons: last used, then as the vocabulary has them. */
export function ordered(all: readonly string[], last: readonly string[]): string[] {
  const known = last.filter((code) => all.includes(code));
  return [...known, ...all.filter((code) => !known.includes(code))];
}

export class CategoryPart implements Part {
  readonly element = el("fieldset", { class: "stack stack--close" });
  private readonly first = el("div", { class: "tiles" });
  private readonly rest = el("div", { class: "tiles", id: "more-categories" });
  private readonly more: HTMLButtonElement;
  private readonly details: DetailChips;
  private readonly missing = el("p", { class: "field__error", role: "alert", hidden: true });

  constructor(state: State, keep: Keep) {
    this.details = new DetailChips(state, keep);
    const choose = (category: string) => {
      this.missing.hidden = true;
      this.details.show(category, null);
      keep({ category, detail: null });
    };
    const all = state.words.terms("category").map(({ code }) => code);
    const tiles = ordered(all, state.lastCategories.value).map((code) =>
      radioTile("category", tileOf(state, code), choose),
    );
    this.first.append(...tiles.slice(0, BIG));
    this.rest.append(...tiles.slice(BIG));
    this.more = button("", () => this.open(this.rest.hidden), {
      class: "button button--wide",
      "aria-controls": this.rest.id,
    });
    this.open(false);
    const legend = el("legend", {}, say("What is it?"));
    this.missing.append(say("Choose what it is, then send."));
    const details = this.details.element;
    this.element.append(legend, this.missing, this.first, this.rest, details, this.more);
  }

  update({ content }: ReportEntry): void {
    check(this.element, null);
    check(this.first, content.category);
    check(this.rest, content.category);
    if (content.category && this.rest.querySelector("input:checked")) this.open(true);
    this.details.show(content.category, content.detail);
  }

  askFor(): void {
    this.missing.hidden = false;
    this.element.scrollIntoView({ block: "start" });
    this.element.querySelector("input")?.focus({ preventScroll: true });
  }

  private open(open: boolean): void {
    this.rest.hidden = !open;
    this.more.setAttribute("aria-expanded", String(open));
    this.more.replaceChildren(open ? say("Show fewer") : say("Show more"));
  }
}

function tileOf(state: State, code: string) {
  const term = state.words.term("category", code);
  return {
    code,
    mark: icon(term?.icon ?? "other"),
    label: withReadings(state.words.label("category", code)),
  };
}

/** What is seen of it, if somebody wants to say: pressed again it is unsaid. */
class DetailChips {
  readonly element = el("div", { class: "chips", role: "group" });
  private readonly state: State;
  private readonly keep: Keep;
  private category: string | null = null;

  constructor(state: State, keep: Keep) {
    this.state = state;
    this.keep = keep;
    this.element.setAttribute("aria-label", plain("What exactly, if needed"));
  }

  show(category: string | null, detail: string | null): void {
    if (category !== this.category) this.draw(category);
    for (const chip of this.element.querySelectorAll("button")) {
      chip.setAttribute("aria-pressed", String(chip.dataset.code === detail));
    }
  }

  private draw(category: string | null): void {
    this.category = category;
    const terms = category ? this.state.words.term("category", category)?.details : null;
    const chips = (terms ?? []).map(({ code }) => {
      const chip = button("", () => this.press(code), { class: "chip", "data-code": code });
      chip.append(withReadings(this.state.words.detail(category ?? "", code)));
      return chip;
    });
    this.element.replaceChildren(...chips);
    this.element.hidden = chips.length === 0;
  }

  private press(code: string): void {
    const pressed = this.element.querySelector(`[data-code="${code}"][aria-pressed="true"]`);
    const detail = pressed ? null : code;
    this.show(this.category, detail);
    this.keep({ detail });
  }
}
