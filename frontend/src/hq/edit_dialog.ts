/** One dialog for what a report says: category, detail, severity, headquarters' words, place note, floor. */

import { t } from "../core/language.ts";
import type { Report, ReportProperties } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import { send } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { fillDetails } from "./detail_choice.ts";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Name = "category" | "detail" | "severity" | "comment_hq" | "geometry_note" | "floor";

export function editReport(report: Report, desk: Desk): void {
  const fields = fieldsOf(report.properties, desk);
  const wrong = el("p", { class: "error", role: "alert" });
  const save = el("button", { type: "submit", class: "primary", id: "edit-save" }, t("Save"));
  const cancel = button(t("Cancel"), () => dialog.close());
  const labels: Record<Name, string> = {
    category: t("Category"),
    detail: t("In detail"),
    severity: t("Severity"),
    comment_hq: t("HQ comment"),
    geometry_note: t("Note on the place"),
    floor: t("Floor"),
  };
  const lines = [...fields].map(([name, field]) =>
    el("p", { class: "edit-line" }, el("label", { for: field.id }, labels[name]), field),
  );
  const form = el("form", {}, ...lines, wrong, el("p", { class: "buttons" }, save, cancel));
  const title = t("Edit {receipt}", { receipt: report.properties.receipt });
  const dialog = el(
    "dialog",
    { class: "ask edit-dialog", "aria-labelledby": "edit-title" },
    el("h2", { id: "edit-title" }, title),
    form,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void saved(report, fields, desk).then((why) => {
      wrong.textContent = why ?? "";
      if (why === null) dialog.close();
    });
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** null when it is; else why not: what was typed stays in the dialog. */
async function saved(
  report: Report,
  fields: ReadonlyMap<Name, Field>,
  desk: Desk,
): Promise<string | null> {
  const edit: Record<string, string> = {};
  for (const [name, { value }] of fields) {
    if (value.trim() !== (report.properties[name] ?? "")) edit[name] = value.trim();
  }
  if (Object.keys(edit).length === 0) return null;
  const sent = await send(report, edit, desk);
  return sent.kind === "failed" ? sent.why : null;
}

function fieldsOf(said: ReportProperties, desk: Desk): Map<Name, Field> {
  const text = { maxlength: 1000, id: "edit-note", value: said.geometry_note ?? "" };
  const words = { id: "edit-words", rows: 4, maxlength: 4000 };
  const category = choice("category", said.category, desk);
  return new Map<Name, Field>([
    ["category", category],
    ["detail", detailOf(category, said, desk)],
    ["severity", choice("severity", said.severity, desk)],
    ["comment_hq", el("textarea", words, said.comment_hq ?? "")],
    ["geometry_note", el("input", text)],
    ["floor", el("input", { maxlength: 20, id: "edit-floor", value: said.floor ?? "" })],
  ]);
}

/** What is unknown here stays to be chosen beside the category it came with. */
function detailOf(
  category: HTMLSelectElement,
  said: ReportProperties,
  desk: Desk,
): HTMLSelectElement {
  const made = el("select", { id: "edit-detail" });
  const own = said.detail ?? "";
  let wanted = own;
  const fill = () => {
    fillDetails(made, category.value, desk.words, wanted);
    if (category.value !== said.category || wanted !== own || made.value === own) return;
    made.append(el("option", { value: own, selected: true }, own));
    made.disabled = false;
  };
  made.addEventListener("change", () => {
    wanted = made.value;
  });
  category.addEventListener("change", fill);
  fill();
  return made;
}

function choice(kind: "category" | "severity", chosen: string, desk: Desk): HTMLSelectElement {
  const options = desk.words.terms(kind).map(({ code }) => {
    const attributes = { value: code, selected: code === chosen };
    return el("option", attributes, desk.words.label(kind, code));
  });
  return el("select", { id: `edit-${kind}` }, ...options);
}
