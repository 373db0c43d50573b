/** What was done, in words: for the toast that offers to take it back. */

import { ngettext, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import type { BulkOutcome } from "./bulk_send.ts";
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

/** What became of taking it back; of many, each outcome with its count. */
export function undoneWords(done: BulkOutcome, what: string): string {
  const left = leftWords(done);
  const n = done.changed.length;
  if (left.length === 0) return t("Taken back: {what}", { what });
  if (n > 0) left.unshift(ngettext("{n} taken back.", "{n} taken back.", n));
  return left.join(" ");
}

function leftWords({ stale, refused, unsent, why }: BulkOutcome): string[] {
  const left: string[] = [];
  if (stale.length > 0) {
    const words = ngettext(
      "{n} was left as it is: somebody has changed it since.",
      "{n} were left as they are: somebody has changed them since.",
      stale.length,
    );
    left.push(words);
  }
  const [first] = refused;
  const against = first?.detail ?? first?.title ?? "";
  if (first) left.push(notTakenBack(refused.length, against));
  if (unsent.length > 0) left.push(notTakenBack(unsent.length, why));
  return left;
}

function notTakenBack(n: number, why: string): string {
  return ngettext("{n} not taken back: {why}", "{n} not taken back: {why}", n, { why });
}
