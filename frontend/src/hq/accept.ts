/** Whether headquarters has a report: the crew in front of a rescue is told who, and when. */

import { t } from "../core/language.ts";
import type { Report, ReportProperties } from "../core/report.ts";
import { exactTime, timeAgo } from "../core/times.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";

/** Somebody may be waiting for these with a radio in hand. */
export function awaitsAccept({ category, severity, accepted_at }: ReportProperties): boolean {
  return !accepted_at && (category === "rescue" || severity === "critical");
}

/** The button, where one is called for. */
export function acceptButton({ properties }: Report, act: () => void): HTMLElement | null {
  if (!awaitsAccept(properties)) return null;
  const made = button("", act, {
    id: "accept",
    class: "primary",
    title: t("Tells the reporter that headquarters has it"),
  });
  made.append(icon("ui_check"), t("Accept"));
  return made;
}

/** Who had it first, and when. */
export function acceptedLine({ properties }: Report): HTMLElement | null {
  const { accepted_at, accepted_by } = properties;
  if (!accepted_at) return null;
  const values = { name: accepted_by ?? "", time: timeAgo(accepted_at, Date.now()) };
  const words = accepted_by
    ? t("Accepted by {name}, {time}", values)
    : t("Accepted, {time}", values);
  return el("p", { class: "accepted", title: exactTime(accepted_at) }, icon("ui_check"), words);
}
