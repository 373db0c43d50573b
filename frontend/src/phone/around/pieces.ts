/** A long list in pieces: what is on the screen at once stays small, and "more" is said with numbers. */

import { number } from "../../core/language.ts";
import { button, el } from "../../dom/element.ts";
import { plain, withReadings } from "../../dom/say.ts";

export const PIECE = 50;

export interface Pieces {
  readonly body: HTMLElement;
  /** How many are shown, to come back to. */
  readonly shown: () => number;
}

/** `make` is called for what is shown only. `first`: how many at once, as it was left. */
export function pieces<T>(
  items: readonly T[],
  make: (item: T) => HTMLElement,
  { label, first = PIECE }: { readonly label: string; readonly first?: number },
): Pieces {
  const list = el("ul", { class: "list", "aria-label": label });
  const more = button("", () => showMore(), { class: "button button--wide" });
  let shown = 0;
  const showMore = (count = PIECE) => {
    const next = items.slice(shown, shown + count);
    const made = next.map(make);
    list.append(...made);
    const begun = shown > 0;
    shown += next.length;
    const left = items.length - shown;
    more.hidden = left === 0;
    const words = plain("Show more ({n} left)", { n: number(left) });
    more.replaceChildren(withReadings(words));
    // the keyboard goes on where the new ones begin
    if (begun) made[0]?.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
  };
  showMore(Math.max(first, PIECE));
  return { body: el("div", { class: "stack" }, list, more), shown: () => shown };
}
