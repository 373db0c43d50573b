/** The look of one part of the settings. */

import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { say } from "../../dom/say.ts";

export function card(title: string, ...content: (Node | false | null)[]): HTMLElement {
  return el("section", { class: "card" }, el("h2", {}, say(title)), ...content);
}

export function banner(look: "ok" | "warn" | "error", mark: string, ...words: Node[]): HTMLElement {
  return el("p", { class: `banner banner--${look}` }, icon(mark), el("span", {}, ...words));
}

export interface Choice {
  readonly value: string;
  readonly words: Node;
}

/** Radio buttons; `name` is unique on the screen. */
export function choices(
  legend: string,
  name: string,
  offered: readonly Choice[],
  chosen: string,
  choose: (value: string) => void,
): HTMLElement {
  const rows = offered.map(({ value, words }) => {
    const input = el("input", { type: "radio", name, value, checked: value === chosen });
    input.addEventListener("change", () => choose(value));
    return el("label", {}, input, el("span", {}, words));
  });
  return el("fieldset", { class: "choices" }, el("legend", {}, say(legend)), ...rows);
}

export function toggle(
  words: Node,
  means: Node,
  on: boolean,
  set: (on: boolean) => void,
): HTMLElement {
  const input = el("input", { type: "checkbox", checked: on });
  input.addEventListener("change", () => set(input.checked));
  return el(
    "label",
    { class: "switch" },
    input,
    el("span", {}, words, el("br"), el("span", { class: "soft" }, means)),
  );
}
