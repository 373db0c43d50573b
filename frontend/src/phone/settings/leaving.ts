/** The way out, open only when nothing could be lost by it. */

import { el } from "../../dom/element.ts";
import { say } from "../../dom/say.ts";
import { press } from "../frame/press.ts";
import { forget } from "../join/forget.ts";
import type { Part } from "../screens/settings.ts";
import { card } from "./card.ts";

export const leaving: Part = ({ state }, until) => {
  const part = el("div", { class: "stack stack--close" });
  const said = el("p", { class: "field__error", role: "alert" });
  let unsent: boolean | null = null;
  const offer = () => {
    const out = press(say("Sign out"), makeSure, { disabled: unsent });
    const why = el("p", { class: "soft" }, say("Possible only when nothing is unsent."));
    part.replaceChildren(out, ...(unsent ? [why] : []));
  };
  const makeSure = () => {
    const leave = () => void out().catch(() => said.replaceChildren(say("This needs a network.")));
    part.replaceChildren(
      el("p", {}, say("A new invitation is then needed to report from this phone again.")),
      press(say("Sign this phone out"), leave, { class: "button button--danger" }),
      press(say("Stay"), offer),
      said,
    );
  };
  const out = async () => {
    if (!(await forget(state))) offer();
  };
  const draw = () => {
    if (unsent === state.hasUnsent()) return;
    unsent = state.hasUnsent();
    offer();
  };
  until(state.entries.watch(draw));
  until(state.edits.changed(draw));
  return card("Sign out", part);
};
