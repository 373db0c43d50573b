/** What is to be done on the map, said over it: the words said last stand. */

import { byId } from "../dom/element.ts";

let said = 0;

/** Gives what takes the words away again, unless others stand there by then. */
export function mapHint(words: string): () => void {
  const hint = byId("map-hint");
  said += 1;
  const mine = said;
  hint.textContent = words;
  hint.hidden = false;
  return () => {
    if (mine === said) hint.hidden = true;
  };
}
