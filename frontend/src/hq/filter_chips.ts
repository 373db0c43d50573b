/** Above the list: what narrows it, each to be taken off, and all at once. */

import { NO_FILTER } from "../core/filter.ts";
import { chips } from "../core/filter_chips.ts";
import { ngettext, t } from "../core/language.ts";
import { button, byId, el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import type { FilterNames } from "./filter_names.ts";

export function setUpFilterChips(desk: Desk, names: FilterNames): void {
  const box = byId("filter-chips");
  const show = () => draw(box, desk, names);
  desk.filter.watch(show);
  names.known.changed(show);
}

function draw(box: HTMLElement, desk: Desk, names: FilterNames): void {
  const found = chips(desk.filter.value, names, desk.words);
  const at = [...box.querySelectorAll("button")].indexOf(document.activeElement as never);
  const made = found.map(({ words, without }) =>
    button(words, () => desk.filter.set(without), {
      class: "filter-chip",
      "aria-label": t("Remove the filter: {words}", { words }),
      title: words,
    }),
  );
  const clear = button(t("Clear"), () => desk.filter.set(NO_FILTER), { class: "link" });
  const count = el(
    "span",
    { class: "quiet" },
    ngettext("{n} filter", "{n} filters", found.length),
    " · ",
  );
  box.hidden = found.length === 0;
  box.replaceChildren(...made, el("span", { class: "filter-clear" }, count, clear));
  // whoever took one off by the keyboard stands at the next one
  if (at !== -1) (box.hidden ? byId("list") : (made[at] ?? clear)).focus();
}
