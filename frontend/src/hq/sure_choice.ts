/** How sure a place is: within so many metres, or exactly there because somebody says so. */

import { t } from "../core/language.ts";
import { SURENESS_M } from "../core/told_place.ts";
import { el } from "../dom/element.ts";
import { length } from "./place_lines.ts";

export function sureChoice(id: string, metres: number, changed: (metres: number) => void) {
  const known = SURENESS_M.includes(metres) ? SURENESS_M : [metres, ...SURENESS_M];
  const options = known.map((one) =>
    el("option", { value: one, selected: one === metres }, sureWords(one)),
  );
  const choice = el("select", { id }, ...options);
  choice.addEventListener("change", () => changed(Number(choice.value)));
  return choice;
}

export function sureWords(metres: number): string {
  return metres === 0 ? t("Exactly here") : t("Within ±{distance}", { distance: length(metres) });
}
