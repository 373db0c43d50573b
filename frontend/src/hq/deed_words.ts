/** What was done, in words: for the toast that offers to take it back. */

import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { fieldName } from "./conflict.ts";

type Edit = Readonly<Record<string, unknown>>;

/** "Verified 3F7K2". */
export function deedWords({ properties }: Report, edit: Edit, words: Vocabulary): string {
  return t("{what} {receipt}", { what: editWords(edit, words), receipt: properties.receipt });
}

export function editWords(edit: Edit, words: Vocabulary): string {
  for (const name of ["status", "severity", "category"] as const) {
    if (edit[name]) return words.label(name, String(edit[name]));
  }
  if ("assigned_to" in edit) return t("Assigned");
  if ("geometry" in edit) return t("Moved");
  const [first = ""] = Object.keys(edit);
  return t("Changed: {field}", { field: fieldName(first) });
}
