/**
 * Looking back: hides what had not been received by then. It says loudly that it is not now,
 * because an operator who forgets it would miss what comes in.
 */

import { t } from "../core/language.ts";
import { clockTime, dayTime } from "../core/times.ts";
import { byId } from "../dom/element.ts";
import type { Desk } from "./desk.ts";

const STEPS = 1_000;

export function setUpTimeSlider(desk: Desk): void {
  const slider = byId("time-slider") as HTMLInputElement;
  const back = byId("time-now");
  slider.max = String(STEPS);
  slider.value = slider.max;
  slider.addEventListener("input", () => lookAt(desk, Number(slider.value)));
  back.addEventListener("click", () => {
    slider.value = slider.max;
    lookAt(desk, STEPS);
  });
  desk.filter.watch(({ until }) => {
    const text = until === null ? t("now") : t("as received by {time}", { time: words(until) });
    byId("time-text").textContent = text;
    slider.setAttribute("aria-valuetext", text);
    back.hidden = until === null;
    if (until === null) slider.value = slider.max;
    document.body.classList.toggle("looks-back", until !== null);
  });
}

function lookAt(desk: Desk, step: number): void {
  const times = desk.store.all().map((report) => Date.parse(report.properties.received_at));
  const first = Math.min(desk.firstAt ?? Date.now(), ...times);
  // up to the last report: after a quiet week the whole slider would else be one point
  const last = Math.max(...times, first);
  // `until` is the first moment that is left out
  const until = step >= STEPS ? null : first + ((last - first) * step) / STEPS + 1;
  desk.filter.set({ ...desk.filter.value, until });
}

function words(until: number): string {
  const now = Date.now();
  return now - until < 86_400_000 ? clockTime(until) : dayTime(until, now);
}
