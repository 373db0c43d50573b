/** The one field for whatever headquarters or another screen has given: digits, code or link. */

import { msg } from "../../core/language.ts";
import type { Unsubscribe } from "../../core/observable.ts";
import { el } from "../../dom/element.ts";
import { say, withReadings } from "../../dom/say.ts";
import { askPersist } from "../waiting/storage.ts";
import type { Enrolment, Joining } from "./enrolment.ts";
import { readJoinCode } from "./join_code.ts";

export interface CodeForm {
  readonly root: HTMLElement;
  readonly leave: Unsubscribe;
}

/** `digitsFirst`: for an installed app, where the six digits are what a person has at hand. */
export function codeForm(enrolment: Enrolment, { digitsFirst = false, named = "" } = {}): CodeForm {
  const code = el("input", {
    id: "code",
    name: "code",
    required: true,
    autocomplete: "one-time-code",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": "code-means code-error",
    ...(digitsFirst && { inputmode: "numeric" }),
  });
  const label = el("input", {
    id: "new-label",
    name: "label",
    value: named,
    maxlength: 120,
    autocomplete: "name",
    "aria-describedby": "new-label-means",
  });
  const means = digitsFirst
    ? msg("The six digits that the browser shows. An invitation's code or link will do too.")
    : msg("An invitation's code or link, or six digits from another screen.");
  const name = field(
    "new-label",
    msg("Your name or unit"),
    msg("Headquarters sees it on your reports."),
    label,
  );
  const error = el("p", { class: "field__error", id: "code-error", role: "alert" });
  const submit = el("button", { class: "button button--main button--wide" }, say("Join"));
  const root = el(
    "form",
    { class: "stack" },
    field("code", msg("Code"), means, code, error),
    name,
    submit,
  );
  const show = () => {
    const invitation = readJoinCode(code.value)?.kind === "invitation";
    name.hidden = !invitation;
    label.required = invitation;
  };
  code.addEventListener("input", show);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    // inside the tap, where browsers listen
    void askPersist();
    void enrolment.join(code.value, label.value.trim());
  });
  show();
  const leave = enrolment.joining.watch((joining) => {
    submit.disabled = joining.at === "trying";
    error.replaceChildren(...refusal(joining));
  });
  return { root, leave };
}

/** In the page's language where we have the words, else as the service says it. */
function refusal(joining: Joining): Node[] {
  if (joining.at !== "refused") return [];
  const { code, message } = joining.problem;
  const words = REFUSALS[code];
  return [words ? say(words) : withReadings(message)];
}

const REFUSALS: Readonly<Record<string, string>> = {
  invite_invalid: msg(
    "This code is wrong, used or expired. Check it, or ask headquarters for a new one.",
  ),
  too_many_tries: msg("Too many tries. Wait a few minutes and try again."),
};

function field(id: string, word: string, means: string, ...input: HTMLElement[]): HTMLElement {
  return el(
    "div",
    { class: "field" },
    el("label", { for: id }, say(word)),
    ...input,
    el("p", { class: "soft", id: `${id}-means` }, say(means)),
  );
}
