/** The languages as buttons, each in its own words: it must be found by who reads no other. */

import { el } from "../../dom/element.ts";
import { plain, say } from "../../dom/say.ts";
import type { State } from "../state.ts";
import { chooseLanguage } from "./language.ts";
import { press } from "./press.ts";

export function languageChoice(state: State): HTMLElement {
  const problem = el("p", { class: "field__error", role: "alert", hidden: true });
  const choose = async (code: string) => {
    if (await chooseLanguage(state, code)) return;
    problem.replaceChildren(
      say("The words of this language are not on this phone yet. Try again with a network."),
    );
    problem.hidden = false;
  };
  const buttons = state.page.languages.map(({ code, name }) =>
    press(document.createTextNode(name), () => void choose(code), {
      lang: code,
      "aria-pressed": String(code === state.language.value),
    }),
  );
  const group = { class: "row", role: "group", "aria-label": plain("Language") };
  return el("div", { class: "stack stack--close" }, el("div", group, ...buttons), problem);
}
