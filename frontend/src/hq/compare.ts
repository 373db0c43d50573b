/** Two reports side by side, and why they may be one. */

import type { Judged } from "../core/duplicates.ts";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { exactTime, timeAgo } from "../core/times.ts";
import { el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { bestCopy } from "./photo_view.ts";
import { placeWords, what } from "./row.ts";

export function compareView(one: Report, other: Report, why: Judged | null, desk: Desk) {
  return el(
    "div",
    { class: "compare" },
    side(one, desk),
    side(other, desk),
    why ? reasonList(why) : null,
  );
}

export function side(report: Report, desk: Desk): HTMLElement {
  const { properties } = report;
  return el(
    "article",
    { class: "compare-side", "data-report": report.id },
    el(
      "p",
      { class: "compare-head" },
      el("b", { class: "compare-receipt" }, properties.receipt),
      ` ${desk.words.label("status", properties.status)}`,
    ),
    pictures(report, desk),
    el("h3", {}, what(report, desk.words)),
    el("p", {}, placeWords(report)),
    when(report),
    el("p", { class: "quiet" }, senders(report)),
    el("p", { class: properties.comment ? "comment" : "comment none" }, said(report)),
  );
}

function pictures(report: Report, desk: Desk): HTMLElement {
  const alt = `${what(report, desk.words)} ${placeWords(report)}`;
  const found = (report.properties.photos ?? []).flatMap((photo) => bestCopy(photo) ?? []);
  if (found.length === 0) return el("div", { class: "compare-photo none" }, t("No photo"));
  const images = found.map((src) => el("img", { src, alt, loading: "lazy", decoding: "async" }));
  return el("div", { class: `compare-photo${found.length > 1 ? " several" : ""}` }, ...images);
}

function when({ properties }: Report): HTMLElement {
  const at = properties.captured_at ?? properties.received_at;
  const says = properties.captured_at ? t("Taken") : t("Received");
  return el("p", { title: exactTime(at) }, `${says} ${timeAgo(at, Date.now())}`);
}

export function senders({ properties }: Report): string {
  const { reporter, organisation } = properties;
  return [reporter, organisation].filter(Boolean).join(" / ") || t("Not known");
}

function said({ properties }: Report): string {
  return properties.comment || t("No comment");
}

/** Each with a sign, so that what speaks against is told from what speaks for it without colour. */
export function reasonList({ reasons, likely }: Judged): HTMLElement {
  const lines = reasons.map(({ code, words, points }) =>
    el(
      "li",
      { class: points < 0 ? "reason against" : "reason", "data-code": code },
      el("span", { "aria-hidden": "true", class: "reason-sign" }, points < 0 ? "−" : "＋"),
      words,
    ),
  );
  return el(
    "div",
    { class: "reasons" },
    el("b", {}, likely ? t("Probably the same") : t("Perhaps the same")),
    el("ul", {}, ...lines),
  );
}
