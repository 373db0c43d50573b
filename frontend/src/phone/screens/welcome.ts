/** Before anything else: how this phone joins. Shown at every address until it has. */

import { msg } from "../../core/language.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say } from "../../dom/say.ts";
import { languageChoice } from "../frame/language_choice.ts";
import { codeForm } from "../join/code_form.ts";
import type { Joining } from "../join/enrolment.ts";
import { isInstalled, isIphone } from "../join/install.ts";
import type { MakeScreen } from "../screen.ts";

export const welcome: MakeScreen = ({ state, enrolment }) => {
  const handedOver = isInstalled() && isIphone();
  const form = codeForm(enrolment, { digitsFirst: handedOver });
  const status = el("div", { role: "status" });
  const unwatch = enrolment.joining.watch((joining) => status.replaceChildren(...said(joining)));
  const ways = handedOver ? [digitsPart(form.root), scanPart()] : [scanPart(), typePart(form.root)];
  const body = el(
    "section",
    { class: "stack welcome" },
    languageChoice(state),
    el("h1", {}, say("Send reports from this phone")),
    status,
    ...ways,
    el("a", { class: "button button--wide", href: "/m/rules", "data-go": "rules" }, say("Rules")),
    el(
      "a",
      { class: "button button--wide", href: state.page.urls.form },
      say("Staff with an account: the plain form"),
    ),
    emergency(),
  );
  const leave = () => {
    form.leave();
    unwatch();
  };
  return { title: plain("Join"), body, leave };
};

function said(joining: Joining): Node[] {
  if (joining.at === "trying") return [banner("", "ui_check", msg("Joining …"))];
  if (joining.at !== "waiting") return [];
  const words =
    joining.why.code === "portal"
      ? msg(
          "A login page is in the way: sign in to the Wi-Fi or leave it. Joining goes on by itself.",
        )
      : msg("Joining needs a network. It is tried again by itself; leave this open.");
  return [banner("banner--warn", "ui_offline", words)];
}

function banner(look: string, mark: string, words: string): HTMLElement {
  return el("p", { class: `banner ${look}` }, icon(mark), el("span", {}, say(words)));
}

function scanPart(): HTMLElement {
  const steps = [
    msg("Ask your headquarters for an invitation: a QR code or a link."),
    msg("Scan it with this phone's own camera and open the link."),
    msg("Enter your name or unit. No password is needed."),
  ];
  return part(msg("Join by QR code"), el("ol", { class: "steps" }, ...steps.map(item)));
}

function typePart(form: HTMLElement): HTMLElement {
  return part(msg("Or enter a code"), form);
}

function digitsPart(form: HTMLElement): HTMLElement {
  const steps = [
    msg("Open G-space in the browser where you joined."),
    msg("There: Settings, then “Put on the home screen”. Six digits appear."),
    msg("Enter them here, once."),
  ];
  return part(msg("Enter the six digits"), el("ol", { class: "steps" }, ...steps.map(item)), form);
}

function part(title: string, ...content: HTMLElement[]): HTMLElement {
  return el("section", { class: "card" }, el("h2", {}, say(title)), ...content);
}

function item(words: string): HTMLElement {
  return el("li", {}, say(words));
}

function emergency(): HTMLElement {
  const words = msg("Life in danger? Call 119 (fire, ambulance) or 110 (police).");
  return banner("banner--warn", "ui_alert", words);
}
