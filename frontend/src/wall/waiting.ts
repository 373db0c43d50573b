/** How many wait unreviewed and how long the oldest has; how many are shown of each severity. */

import { number, t } from "../core/language.ts";
import { levelOf } from "../core/review.ts";
import { serverNow } from "../core/server_clock.ts";
import { duration } from "../core/times.ts";
import { byId, el } from "../dom/element.ts";
import type { Desk } from "../hq/desk.ts";

const TICK_MS = 5_000;

export function setUpCounts(desk: Desk): void {
  const show = () => {
    showWaiting(desk);
    showSeverities(desk);
  };
  desk.tally.watch(show);
  setInterval(show, TICK_MS);
}

function showWaiting(desk: Desk): void {
  const { known, waiting, oldestWaitingAt } = desk.tally.value;
  const box = byId("wall-waiting");
  const now = serverNow();
  box.className = `wall-waiting is-${levelOf(oldestWaitingAt, now, desk.page.review)}`;
  if (oldestWaitingAt === null) {
    box.replaceChildren(known ? t("Nothing to review") : t("Counting…"));
    return;
  }
  const time = duration(Math.max(0, now - oldestWaitingAt) / 1000);
  box.replaceChildren(t("To review"), el("b", {}, number(waiting)), t("longest {time}", { time }));
}

function showSeverities(desk: Desk): void {
  const { known, of } = desk.tally.value;
  const rows = desk.words
    .terms("severity")
    .map(({ code }) =>
      el(
        "li",
        { class: `severity-${code}` },
        el(
          "span",
          { class: "wall-letter", "aria-hidden": "true" },
          desk.words.letter("severity", code),
        ),
        el("span", {}, desk.words.label("severity", code)),
        el("b", {}, known ? number(of.severity.get(code)?.shown ?? 0) : ""),
      ),
    );
  byId("wall-severities").replaceChildren(...rows);
}
