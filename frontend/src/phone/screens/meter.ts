/** A share of something as a bar; its words stand beside it. */

import { el } from "../../dom/element.ts";
import { withoutReadings } from "../../dom/say.ts";
import { percent, type Share } from "../waiting/progress.ts";

export function meter(share: Share, words: string): HTMLElement {
  const filled = el("span");
  filled.style.width = `${percent(share)}%`;
  const label = withoutReadings(words);
  const range = { "aria-valuemin": 0, "aria-valuemax": share.all, "aria-valuenow": share.done };
  return el("div", { class: "meter", role: "progressbar", "aria-label": label, ...range }, filled);
}
