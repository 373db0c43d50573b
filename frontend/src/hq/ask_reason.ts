/** A dialog that asks for a sentence and does not take nothing for an answer. */

import { t } from "../core/language.ts";
import { button, el } from "../dom/element.ts";

/** The text, or null when cancelled. `draft`: what was typed at a try that failed. */
export function askReason(question: string, action: string, draft = ""): Promise<string | null> {
  const field = el("textarea", { id: "reason", rows: 3, required: true, maxlength: 1000 }, draft);
  const label = el("label", { for: "reason" }, question);
  const go = el("button", { type: "submit", class: "primary" }, action);
  const cancel = button(t("Cancel"), () => dialog.close());
  const form = el(
    "form",
    { method: "dialog" },
    label,
    field,
    el("p", { class: "buttons" }, go, cancel),
  );
  const dialog = el("dialog", { class: "ask" }, form);
  return new Promise((resolve) => {
    let answer: string | null = null;
    form.addEventListener("submit", () => {
      answer = field.value.trim() || null;
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
