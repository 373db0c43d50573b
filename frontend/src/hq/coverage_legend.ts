/** Under the rail's switch: what the looks mean and how many there are, and municipalities by name. */

import {
  type By,
  type Municipality,
  STATES,
  type State,
  shortWords,
  stateWords,
} from "../core/coverage.ts";
import { number, t } from "../core/language.ts";
import { clockTime } from "../core/times.ts";
import { button, el } from "../dom/element.ts";
import { nameOf } from "./filter_names.ts";

export interface Shown {
  readonly counts: Readonly<Record<State, number>>;
  readonly as_of: string;
  readonly by: By;
  /** More narrows the reports than when the desk opens. */
  readonly narrowed: boolean;
}

export function legend({ counts, as_of, by, narrowed }: Shown): HTMLElement {
  const rows = STATES.map(
    (state) =>
    el("li", {}, swatch(state), stateWords(state), el("span", { class: "count" }, number(counts[state]))), // biome-ignore format: one row
  );
  const time = clockTime(as_of);
  const what =
    by === "mesh"
      ? t("Squares of 1 km with a town, in view, as of {time}.", { time })
      : t("Municipalities in view, each as a whole, as of {time}.", { time });
  return el(
    "div",
    {},
    el("ul", { class: "tree coverage-states" }, ...rows),
    note(what),
    narrowed
      ? el("p", { class: "coverage-chosen" }, t("Only what the filter shows counts."))
      : null,
  );
}

export function note(words: string): HTMLElement {
  return el("p", { class: "quiet" }, words);
}

/** The map's outlines for whoever does not use a pointer. all: the silent ones first. */
export function municipalityList(
  all: readonly Municipality[],
  open: (one: Municipality) => void,
): HTMLElement {
  const now = Date.now();
  const lines = all.map((one) => {
    const name = button(nameOf(one), () => open(one), { class: "link", "data-code": one.code });
    name.setAttribute("aria-label", `${nameOf(one)}: ${stateWords(one.state)}`);
    return el("li", {}, swatch(one.state), name, el("span", { class: "count" }, shortWords(one, now))); // biome-ignore format: one line
  });
  const label = t("Municipalities, those without a report first");
  return el("ul", { class: "tree coverage-list", "aria-label": label }, ...lines);
}

function swatch(state: State): HTMLElement {
  return el("span", { class: `coverage-swatch is-${state}`, "aria-hidden": "true" });
}
