/** Above the list: what is asked for now has not come yet, so what stands there is of before. */

import { t } from "../core/language.ts";
import { byId } from "../dom/element.ts";
import type { Desk } from "./desk.ts";

/** What comes sooner needs no words (ms). */
const PATIENCE_MS = 1_500;

export function setUpBehindLine(desk: Desk): void {
  const line = byId("behind-line");
  let waiting: ReturnType<typeof setTimeout> | undefined;
  desk.behind.any.watch((isBehind) => {
    clearTimeout(waiting);
    line.textContent = "";
    if (isBehind) waiting = setTimeout(() => say(line, desk), PATIENCE_MS);
  });
}

function say(line: HTMLElement, desk: Desk): void {
  line.textContent = desk.tally.value.known
    ? t("Still being read: list, counts or map are older than the filters.")
    : t("Still being read.");
}
