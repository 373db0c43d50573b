/** Said wherever a cry for help is written or has been sent: this app is never the only way. */

import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { say } from "../../dom/say.ts";

export function rescueBanner(): HTMLElement {
  return el(
    "div",
    { class: "rescue" },
    icon("rescue"),
    el("strong", {}, say("Also call 119 or use the radio.")),
    el(
      "a",
      { class: "button rescue__call", href: "tel:119" },
      say("Call {number}", { number: 119 }),
    ),
  );
}
