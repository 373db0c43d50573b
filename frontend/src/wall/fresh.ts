/** Nobody may trust a wall that stands still: it says so along every edge. */

import type { Freshness } from "../core/freshness.ts";
import { t } from "../core/language.ts";
import type { Observable } from "../core/observable.ts";
import { dayTime } from "../core/times.ts";
import { byId, el } from "../dom/element.ts";
import { showBadge } from "../hq/bar.ts";

export function setUpFreshness(status: Observable<Freshness>, login: string): void {
  // of a refusal nobody tells since when; the last good moment does
  let good = Date.now();
  status.watch((fresh) => {
    if (fresh.kind === "live") good = Date.now();
    showBadge(fresh, login);
    showSign(fresh, fresh.kind === "stale" ? fresh.since : good, login);
  });
  setInterval(() => {
    if (status.value.kind === "live") good = Date.now();
  }, 1_000);
}

function showSign(fresh: Freshness, since: number, login: string): void {
  const isOld = fresh.kind === "stale" || fresh.kind === "refused";
  document.documentElement.classList.toggle("is-old", isOld);
  const sign = byId("wall-stale");
  sign.hidden = !isOld;
  if (!isOld) return;
  const time = dayTime(since, Date.now());
  sign.replaceChildren(t("Out of date: nothing new has come since {time}.", { time }));
  if (fresh.kind === "refused") sign.append(" ", el("a", { href: login }, t("Sign in again")));
}
