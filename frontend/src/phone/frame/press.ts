/** A button whose words may carry readings; `dom/element.ts` makes those of plain text. */

import { el } from "../../dom/element.ts";

type Attributes = Parameters<typeof el>[1];

export function press(
  words: Node | readonly Node[],
  act: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const content = words instanceof Node ? [words] : words;
  const made = el("button", { type: "button", class: "button", ...attributes }, ...content);
  made.addEventListener("click", act);
  return made;
}
