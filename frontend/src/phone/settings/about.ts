/** Rules, guides, and which version this is. */

import { msg } from "../../core/language.ts";
import { el } from "../../dom/element.ts";
import { say } from "../../dom/say.ts";
import { press } from "../frame/press.ts";
import type { Part } from "../screens/settings.ts";
import { banner, card } from "./card.ts";

export const about: Part = ({ state, updates }, until) => {
  const update = el("div", { class: "stack stack--close" });
  let shown = "";
  const draw = () => {
    const key = `${updates.waiting.value} ${state.hasUnsent()}`;
    if (key === shown) return;
    shown = key;
    if (!updates.waiting.value) return update.replaceChildren();
    update.replaceChildren(
      state.hasUnsent()
        ? banner(
            "ok",
            "ui_check",
            say("A new version is ready. It is taken when nothing is unsent."),
          )
        : press(say("Take the new version"), () => void updates.apply()),
    );
  };
  until(updates.waiting.watch(draw));
  until(state.entries.changed(draw));
  const { form } = state.page.urls;
  return card(
    msg("About"),
    el("a", { class: "button button--wide", href: "/m/rules", "data-go": "rules" }, say("Rules")),
    el("a", { class: "button button--wide", href: form }, say("Plain form, without the app")),
    el("p", { class: "soft" }, say("Version {build}", { build: state.page.build })),
    update,
  );
};
