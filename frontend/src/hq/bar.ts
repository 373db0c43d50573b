/** The bar: clock in the incident's zone, live badge, search, the queue of new reports. */

import type { Freshness } from "../core/freshness.ts";
import { ngettext, t } from "../core/language.ts";
import type { Observable } from "../core/observable.ts";
import { clockSeconds, day, dayTime, duration } from "../core/times.ts";
import { byId, el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";

export function setUpBar(desk: Desk, status: Observable<Freshness>): void {
  runClock();
  status.watch((fresh) => showBadge(fresh, desk.page.urls.login));
  setUpSearch(desk);
  setUpNew(desk);
}

function runClock(): void {
  const clock = byId("clock");
  const show = () => {
    const now = Date.now();
    const date = el("span", { class: "date" }, day(now));
    clock.replaceChildren(date, " ", el("span", { class: "time" }, clockSeconds(now)));
  };
  show();
  setInterval(show, 1_000);
}

export function showBadge(fresh: Freshness, login: string): void {
  const badge = byId("live-badge");
  badge.className = `badge badge-${fresh.kind}`;
  badge.replaceChildren(
    el("span", { class: "badge-mark", "aria-hidden": "true" }),
    badgeText(fresh),
  );
  if (fresh.kind === "refused") badge.append(el("a", { href: login }, t("Sign in again")));
  document.body.classList.toggle("is-stale", fresh.kind === "stale" || fresh.kind === "refused");
}

function badgeText(fresh: Freshness): string {
  if (fresh.kind === "live") return t("Live");
  if (fresh.kind === "late") return t("{duration} late", { duration: duration(fresh.seconds) });
  if (fresh.kind === "stale") {
    return t("Stale since {time}", { time: dayTime(fresh.since, Date.now()) });
  }
  return fresh.why === "signed_out" ? t("Signed out") : t("No access");
}

function setUpSearch(desk: Desk): void {
  const field = byId("search") as HTMLInputElement;
  field.addEventListener("input", () => {
    desk.filter.set({ ...desk.filter.value, words: field.value });
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    field.value = "";
    desk.filter.set({ ...desk.filter.value, words: "" });
    field.blur();
    event.stopPropagation();
  });
}

function setUpNew(desk: Desk): void {
  const [open, seen] = [byId("new-open"), byId("new-seen")];
  open.addEventListener("click", () => {
    const next = desk.newcomers.next((id) => desk.store.get(id));
    if (next) desk.open(next.id);
  });
  seen.addEventListener("click", () => desk.newcomers.allSeen());
  desk.newcomers.ids.watch((ids) => {
    open.textContent = t("New {n}", { n: ids.size });
    open.title = ngettext("Open the most urgent of {n}", "Open the most urgent of {n}", ids.size);
    byId("new").classList.toggle("has-new", ids.size > 0);
    (open as HTMLButtonElement).disabled = ids.size === 0;
    seen.hidden = ids.size === 0;
    announce(ids.size);
  });
}

let announced: ReturnType<typeof setTimeout> | undefined;

// A screen reader hears the count once things calm down, not each of fifty arrivals.
function announce(count: number): void {
  clearTimeout(announced);
  announced = setTimeout(() => {
    byId("announcer").textContent =
      count === 0 ? "" : ngettext("{n} new report", "{n} new reports", count);
  }, 800);
}
