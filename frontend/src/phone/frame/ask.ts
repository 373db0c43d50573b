/** Questions that hold everything up: native dialogs, closed by the back key and Escape too. */

import { el } from "../../dom/element.ts";
import { say } from "../../dom/say.ts";

interface Asked {
  readonly question: Node | string;
  /** What the button does, in words. */
  readonly action: Node | string;
  readonly danger?: boolean;
}

/** Whether the person said yes. */
export async function sure(asked: Asked): Promise<boolean> {
  return (await open(asked, [], () => "yes")) !== null;
}

/** A sentence; null when cancelled. Nothing is taken for an answer. */
export async function sentence(asked: Asked): Promise<string | null> {
  const field = el("textarea", { id: "sentence", rows: 3, required: true, maxlength: 1000 });
  field.setAttribute("aria-labelledby", "asked");
  return open(asked, [el("div", { class: "field" }, field)], () => field.value.trim() || null);
}

export interface Choice {
  readonly value: string;
  readonly label: Node | string;
}

/** One of several; null when cancelled. */
export async function choice(asked: Asked, choices: readonly Choice[]): Promise<string | null> {
  const made = choices.map(({ value, label }, at) =>
    el(
      "label",
      {},
      el("input", { type: "radio", name: "choice", value, required: true, checked: at === 0 }),
      el("span", {}, label),
    ),
  );
  const group = el("div", { class: "choices", role: "radiogroup" }, ...made);
  group.setAttribute("aria-labelledby", "asked");
  return open(asked, [group], (form) => String(new FormData(form).get("choice") ?? "") || null);
}

function open(
  { question, action, danger }: Asked,
  fields: readonly Node[],
  read: (form: HTMLFormElement) => string | null,
): Promise<string | null> {
  const yes = danger ? "button button--danger" : "button button--main";
  const cancel = el("button", { type: "button", class: "button" }, say("Cancel"));
  const form = el(
    "form",
    { method: "dialog", class: "stack" },
    el("h2", { id: "asked" }, question),
    ...fields,
    el("div", { class: "pair" }, cancel, el("button", { type: "submit", class: yes }, action)),
  );
  const dialog = el("dialog", { class: "sheet", "aria-labelledby": "asked" }, form);
  cancel.addEventListener("click", () => dialog.close());
  return new Promise((resolve) => {
    let answer: string | null = null;
    form.addEventListener("submit", () => {
      answer = read(form);
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
