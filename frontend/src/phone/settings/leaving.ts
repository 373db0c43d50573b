/** The way out, open only when nothing could be lost by it. */

import { el } from "../../dom/element.ts";
import { say } from "../../dom/say.ts";
import { forget } from "../forget.ts";
import { press } from "../press.ts";
import type { Part } from "../screens/settings.ts";
import { card } from "./card.ts";

export const leaving: Part = ({ state }, until) => {
  const part = el("div", { class: "stack stack--close" });
  const sure = () => {
    part.replaceChildren(
      el("p", {}, say("A new invitation is then needed to report from this phone again.")),
      press(say("Sign this phone out"), () => void forget(state), {
        class: "button button--danger",
      }),
      press(say("Stay"), draw),
    );
  };
  const draw = () => {
    const unsent = state.hasUnsent();
    const out = press(say("Sign out"), sure, { disabled: unsent });
    const why = say("Possible only when nothing is unsent.");
    part.replaceChildren(out, ...(unsent ? [el("p", { class: "soft" }, why)] : []));
  };
  until(state.entries.watch(draw));
  until(state.edits.changed(draw));
  return card("Sign out", part);
};
