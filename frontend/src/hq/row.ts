/** One report in the list: what, where, when, state; the same words the map's tooltip uses. */

import { language, t } from "../core/language.ts";
import type { Photo, Report } from "../core/report.ts";
import { timeAgo } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import { reportMark } from "../map/report_icon.ts";
import { channelMark } from "./channel_mark.ts";
import { claimWords } from "./claims.ts";
import { dueLine, dueWords, whose } from "./due.ts";
import { publicMark } from "./public_mark.ts";
import type { RowLooks } from "./row_looks.ts";

export function row(report: Report, words: Vocabulary, looks: RowLooks): HTMLElement {
  const { properties } = report;
  const { isNew, isTicked, claims } = looks;
  return el(
    "div",
    {
      class: isNew ? "row is-new" : "row",
      // what is chosen for a change at once; aria-selected is what is open
      "aria-checked": isTicked === null ? null : String(isTicked),
    },
    isTicked !== null && el("span", { class: "row-tick", "aria-hidden": "true" }),
    el("span", { class: "unseen" }, words.label("severity", properties.severity)),
    el("span", { class: "row-mark" }, reportMark(report, words) as unknown as HTMLElement),
    el(
      "span",
      { class: "row-words" },
      el("span", { class: "row-what" }, what(report, words), isNew && newTag()),
      el(
        "span",
        { class: "row-place" },
        el("span", { class: "row-where" }, placeWords(report)),
        channelMark(report, words),
        claims.length > 0 && claimTag(claims),
        publicMark(report),
      ),
      el(
        "span",
        { class: "row-when" },
        el("span", { class: "time" }, timeAgo(properties.received_at, Date.now())),
        statusLine(report, words),
      ),
    ),
    thumb(properties.photos?.[0]),
  );
}

/** Of what was handed over also to whom and by when, where it may be read. */
function statusLine(report: Report, words: Vocabulary): HTMLElement {
  const { status, assigned_to } = report.properties;
  const look = { class: "row-status" };
  if (status !== "handed_over" || !assigned_to)
    return el("span", look, words.label("status", status));
  const due = dueLine(report);
  const title = [whose(report), dueWords(report, Date.now())].filter(Boolean).join(" · ");
  return el("span", { ...look, title }, whose(report), due && " · ", due);
}

export function what({ properties }: Report, words: Vocabulary): string {
  const { category, detail } = properties;
  const name = words.label("category", category);
  return detail ? `${name} · ${words.detail(category, detail)}` : name;
}

export function placeWords({ geometry, properties }: Report): string {
  const { place, place_en, municipality_name } = properties;
  const words = language() === "en" ? place_en || place : place;
  if (words) return words;
  return municipality_name ?? (geometry ? t("Place without a name") : t("No place yet"));
}

/** Colleagues who have it open. */
export function claimTag(names: readonly string[]): HTMLElement {
  const words = el("span", { class: "unseen" }, claimWords(names));
  const shown = el("span", { "aria-hidden": "true" }, names.join(", "));
  return el("span", { class: "row-claim", title: claimWords(names) }, icon("ui_eye"), shown, words);
}

function newTag(): HTMLElement {
  return el("span", { class: "new-tag" }, t("New"));
}

/** The best copy there is so far: thumb, else the preview that came ahead of it. */
export function thumb(photo: Photo | undefined): HTMLElement {
  const box = el("span", { class: "row-photo" });
  const src = photo?.thumb_url ?? photo?.preview_url;
  if (src) box.append(el("img", { src, alt: "", loading: "lazy", decoding: "async" }));
  else if (photo) box.append(icon(`photo_${photo.state}`));
  return box;
}
