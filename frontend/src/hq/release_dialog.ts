/** Asks how a report is released: the text, how roughly the place, and what comes of it. */

import { t } from "../core/language.ts";
import { countsAsHome } from "../core/release.ts";
import type { Report } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { PublicPreview } from "./public_preview.ts";

export interface ReleaseEdit {
  readonly public_text: string;
  readonly private_home: boolean;
}

/** A notice, not a document; it also goes into an address, and some proxies allow 8 kB there. */
const MAX_TEXT = 500;

/** What shall be released, or null when cancelled. `draft`: the text of a try that failed. */
export function askRelease(
  report: Report,
  desk: Desk,
  draft: string | undefined,
): Promise<ReleaseEdit | null> {
  const text = textField(draft ?? report.properties.public_text ?? "");
  const home = homeSwitch(countsAsHome(report.properties));
  const go = el("button", { type: "submit", class: "primary", id: "release-go" }, t("Release"));
  const cancel = button(t("Cancel"), () => dialog.close());
  const values = (): ReleaseEdit => ({
    public_text: text.value.trim(),
    private_home: home.checked,
  });
  // nothing is released unseen: only what stands in the preview
  const preview = new PublicPreview(report, desk, (isShown) => {
    go.disabled = !isShown;
  });
  text.addEventListener("input", () => preview.askSoon(values));
  home.addEventListener("change", () => preview.ask(values()));
  const form = el(
    "form",
    { method: "dialog", class: "release-form" },
    el("h2", { id: "release-title" }, t("Release to the public")),
    questions(report, text, home),
    el("section", {}, el("h3", {}, t("What the public will see")), preview.box),
    el("p", { class: "buttons" }, go, cancel),
  );
  const dialog = el("dialog", { class: "ask release", "aria-labelledby": "release-title" }, form);
  preview.ask(values());
  return answered(dialog, form, values);
}

function answered(
  dialog: HTMLDialogElement,
  form: HTMLFormElement,
  values: () => ReleaseEdit,
): Promise<ReleaseEdit | null> {
  return new Promise((resolve) => {
    let answer: ReleaseEdit | null = null;
    form.addEventListener("submit", () => {
      answer = values();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function textField(value: string): HTMLTextAreaElement {
  const field = el("textarea", { id: "public-text", rows: 5, maxlength: MAX_TEXT });
  field.value = value;
  return field;
}

function homeSwitch(checked: boolean): HTMLInputElement {
  return el("input", { id: "private-home", type: "checkbox", role: "switch", checked });
}

function questions(
  { properties }: Report,
  text: HTMLTextAreaElement,
  home: HTMLInputElement,
): HTMLElement {
  const { comment } = properties;
  return el(
    "section",
    {},
    el("label", { for: "public-text" }, t("Text for the public (may be empty)")),
    text,
    comment ? el("p", { class: "quiet" }, t("The reporter's words, which are not shown:")) : null,
    comment ? el("blockquote", { class: "quiet comment" }, comment) : null,
    el("label", { class: "switch" }, home, t("Private home: show only roughly")),
    el(
      "p",
      { class: "quiet" },
      t("Private homes are shown at the centre of a 500 m cell, and not to phones in the field."),
    ),
  );
}
