/** Words with their reading aids: `漢字《かんじ》` of the catalogue becomes ruby on the screen. */

import { t, type Values } from "../core/language.ts";
import { el } from "./element.ts";

const RUBY = /([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヶ]+)《([^《》]+)》/g;

/** The translation as nodes; in languages without readings it is plain text. */
export function say(msgid: string, values: Values = {}): Node {
  return withReadings(t(msgid, values));
}

/** For titles, labels and placeholders, which take no markup. */
export function plain(msgid: string, values: Values = {}): string {
  return withoutReadings(t(msgid, values));
}

export function withReadings(text: string): Node {
  if (!text.includes("《")) return document.createTextNode(text);
  // one element: where its surroundings leave gaps between parts, words must not fall apart
  const made = el("span");
  let end = 0;
  for (const match of text.matchAll(RUBY)) {
    const [whole, base = "", reading = ""] = match;
    made.append(text.slice(end, match.index));
    made.append(el("ruby", {}, base, el("rp", {}, "("), el("rt", {}, reading), el("rp", {}, ")")));
    end = match.index + whole.length;
  }
  made.append(text.slice(end));
  return made;
}

export function withoutReadings(text: string): string {
  return text.replace(RUBY, "$1");
}
