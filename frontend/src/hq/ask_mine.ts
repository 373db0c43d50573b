/** Somebody was faster: what there is now stays, or the operator's own change goes on top of it. */

import { t } from "../core/language.ts";
import { button, el } from "../dom/element.ts";

export interface Question {
  /** Of the elements: `<name>-title`, `<name>-mine`. */
  readonly name: string;
  readonly title: string;
  readonly body: HTMLElement;
  /** Whether there is anything of the own change left to make. */
  readonly may: boolean;
}

/** true when the operator wants the own change as well. */
export function askMine({ name, title, body, may }: Question): Promise<boolean> {
  let mine = false;
  const keep = button(t("Keep what is there now"), () => dialog.close(), { class: "primary" });
  const over = button(
    t("Make my change as well"),
    () => {
      mine = true;
      dialog.close();
    },
    { id: `${name}-mine` },
  );
  const dialog = el(
    "dialog",
    { class: `ask ${name}-dialog`, "aria-labelledby": `${name}-title` },
    el("h2", { id: `${name}-title` }, title),
    body,
    el("p", { class: "buttons" }, keep, may && over),
  );
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(mine);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
