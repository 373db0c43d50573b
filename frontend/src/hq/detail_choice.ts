/** What a category says more exactly: the choices follow the category. */

import type { Vocabulary } from "../core/vocabulary.ts";
import { el } from "../dom/element.ts";

/** `kept`: chosen if it is one of the category's, else none. */
export function fillDetails(
  choice: HTMLSelectElement,
  category: string,
  words: Vocabulary,
  kept = "",
): void {
  const details = words.term("category", category)?.details ?? [];
  choice.replaceChildren(
    el("option", { value: "" }, "–"),
    ...details.map(({ code }) => el("option", { value: code }, words.detail(category, code))),
  );
  choice.value = details.some(({ code }) => code === kept) ? kept : "";
  choice.disabled = details.length === 0;
}
