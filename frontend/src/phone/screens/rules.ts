/** The rules that everybody who joins has agreed to, on one screen, without a network. */

import { msg } from "../../core/language.ts";
import { button, el } from "../../dom/element.ts";
import { plain, say } from "../../dom/say.ts";
import { back } from "../frame/router.ts";
import type { MakeScreen } from "../screen.ts";

/** First words bold. The join page says the same. */
const RULES: readonly (readonly string[])[] = [
  [
    msg("Your own safety comes first."),
    msg("Life in danger? Call 119 (fire, ambulance) or 110 (police)."),
    msg("Messages of this app may come late: listen to the radio and to loudspeakers too."),
  ],
  [msg("Do not enter dangerous places, neither to look nor for a picture.")],
  [msg("Avoid faces and nameplates in photos.")],
  [msg("Photos may be published after headquarters has checked them.")],
  [
    "",
    msg(
      "Headquarters uses the photo and its position to help, in this disaster only. Faces and homes are not published.",
    ),
  ],
];

export const rules: MakeScreen = () => ({
  title: plain("Rules"),
  body: el(
    "section",
    { class: "stack" },
    el("h1", {}, say("Rules")),
    el("ol", { class: "steps rules" }, ...RULES.map(rule)),
    button(plain("Back"), back, { class: "button button--wide" }),
  ),
});

function rule([first = "", ...others]: readonly string[]): HTMLElement {
  const rest = others.flatMap((words) => [" ", say(words)]);
  return el("li", {}, first !== "" && el("strong", {}, say(first)), ...rest);
}
