/** A place in every way in which people say it, each to be copied. */

import { degreesText, meshText, mgrsText, sexagesimalText, utmText } from "../core/coordinates.ts";
import { t } from "../core/language.ts";
import { copyText } from "../dom/copy.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";

const TOLD_MS = 2_000;

export function coordinateBlock(at: readonly number[]): HTMLElement {
  const here = [at[0] ?? 0, at[1] ?? 0] as const;
  const lines: [string, string | null][] = [
    [t("Latitude, longitude"), degreesText(here)],
    [t("Deg, min, sec"), sexagesimalText(here)],
    [t("MGRS"), mgrsText(here)],
    [t("UTM"), utmText(here)],
    [t("Grid square 1 km"), meshText(here, 8)],
    [t("Grid square 500 m"), meshText(here, 9)],
    [t("Grid square 250 m"), meshText(here, 10)],
  ];
  return el("dl", { class: "coordinate-block" }, ...lines.flatMap(line));
}

function line([name, text]: [string, string | null]): HTMLElement[] {
  if (text === null) return [];
  const value = el("span", { class: "coordinate-text" }, text);
  return [el("dt", {}, name), el("dd", {}, value, copyButton(name, text, value))];
}

function copyButton(name: string, text: string, shown: HTMLElement): HTMLElement {
  const words = t("Copy: {name}", { name });
  const told = el("span", { class: "unseen", role: "status" });
  const press = button("", () => void copy(), { class: "copy", title: words, "aria-label": words });
  const rest = () => press.replaceChildren(icon("ui_copy"));
  const copy = async () => {
    const done = await copyText(text);
    if (!done) getSelection()?.selectAllChildren(shown);
    press.classList.toggle("copied", done);
    press.replaceChildren(icon(done ? "ui_check" : "ui_close"));
    told.textContent = done ? t("Copied") : t("Not copied: the text is marked.");
    setTimeout(() => {
      press.classList.remove("copied");
      rest();
      told.textContent = "";
    }, TOLD_MS);
  };
  rest();
  return el("span", {}, press, told);
}
