/** The last word where the browser keeps nothing for us: a private window, or storage forbidden. */

import { byId, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { say } from "../../dom/say.ts";
import type { PageData } from "../page_data.ts";

export function sayThatNothingIsKept({ urls }: PageData): void {
  const text = el(
    "span",
    {},
    say("This browser keeps nothing on this phone, so a report could be lost."),
    " ",
    say("Is this a private window? Open the page in a normal one."),
  );
  const body = el(
    "main",
    { class: "phone-main stack" },
    el("h1", {}, say("Reports cannot be kept here")),
    el("p", { class: "banner banner--error", role: "alert" }, icon("ui_alert"), text),
    el("p", {}, say("With a network you can send a report with the plain form at once.")),
    el("a", { class: "button button--wide", href: urls.form }, say("Open the plain form")),
    el("a", { class: "button button--wide", href: urls.home }, say("Try again")),
  );
  byId("app").replaceChildren(body);
}
