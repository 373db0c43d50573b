/** One report as a row of a list: picture, what, how bad, where, when, what became of it. */

import type { Report, ReportProperties } from "../../core/report.ts";
import { timeAgo } from "../../core/times.ts";
import type { Vocabulary } from "../../core/vocabulary.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say, withoutReadings, withReadings } from "../../dom/say.ts";
import type { ReportEntry } from "../../outbox/entry.ts";
import type { Thumbs } from "../frame/thumbs.ts";
import { straightLine } from "../place/distance.ts";
import { metresTo, type Standpoint, seenAt } from "./report_filter.ts";
import {
  categoryIcon,
  categoryWords,
  placeOfReport,
  severityMark,
  statusBadge,
} from "./report_words.ts";

export function reportCard(report: Report, words: Vocabulary, from: Standpoint): HTMLElement {
  const { properties } = report;
  const path = `report/${report.id}`;
  const time = timeAgo(seenAt(report), from.now);
  return el(
    "li",
    { class: "around-card", "data-report": report.id },
    el(
      "a",
      { class: "around-card__link", href: `/m/${path}`, "data-go": path },
      thumb(properties, words),
      el(
        "span",
        { class: "around-card__words" },
        title(properties, words),
        comment(properties.comment),
        el("span", { class: "soft" }, placeOfReport(report)),
        facts(
          el("span", {}, time),
          statusBadge(words, properties.status),
          from.mine.has(report.id) ? el("span", { class: "badge" }, say("Yours")) : null,
          distance(metresTo(report, from.here)),
        ),
      ),
    ),
  );
}

/** Not sent yet: it stands where it will be, and says that it waits. */
export function waitingCard(
  entry: ReportEntry,
  words: Vocabulary,
  thumbs: Thumbs,
  now: number,
): HTMLElement {
  const { content, createdAt, photos } = entry;
  const time = timeAgo(content.captured_at ?? createdAt, now);
  const placeholder = categoryIcon(words, content.category);
  return el(
    "li",
    { class: "around-card around-card--waiting", "data-report": entry.id },
    el(
      "a",
      { class: "around-card__link", href: "/m/outbox", "data-go": "outbox" },
      thumbs.frame(photos[0]?.id ?? null, plain("Photo"), placeholder),
      el(
        "span",
        { class: "around-card__words" },
        title(content, words),
        comment(content.comment),
        facts(el("span", {}, time), waitingBadge()),
      ),
    ),
  );
}

export function waitingBadge(): HTMLElement {
  return el("span", { class: "badge badge--dashed" }, icon("ui_outbox"), say("Waiting to be sent"));
}

interface Seen {
  readonly category: string | null;
  readonly detail?: string | null;
  readonly severity: string;
}

function title(seen: Seen, words: Vocabulary): HTMLElement {
  return el(
    "span",
    { class: "around-card__title" },
    severityMark(words, seen.severity),
    el("strong", {}, categoryWords(words, seen)),
    el("span", { class: "soft" }, withReadings(words.label("severity", seen.severity))),
  );
}

function comment(text: string | null | undefined): HTMLElement | null {
  return text ? el("span", { class: "around-card__comment" }, text) : null;
}

function facts(...children: (HTMLElement | null)[]): HTMLElement {
  return el("span", { class: "around-card__facts soft" }, ...children);
}

export function distance(metres: number | null): HTMLElement | null {
  if (metres === null) return null;
  return el("span", { class: "around-card__distance" }, straightLine(metres));
}

/** A picture that this phone has not seen and cannot fetch is the category's drawing. */
function thumb({ category, photos }: ReportProperties, words: Vocabulary): HTMLElement {
  const frame = el("span", { class: "thumb" }, icon(categoryIcon(words, category)));
  const [first] = photos ?? [];
  const src = first?.thumb_url ?? first?.preview_url;
  if (!src) return frame;
  const image = el("img", { src, alt: photoWords(photos?.length ?? 1), loading: "lazy" });
  image.addEventListener("error", () => image.remove());
  frame.append(image);
  return frame;
}

function photoWords(count: number): string {
  return count === 1 ? plain("Photo") : plain("{n} photos", { n: count });
}

/** One line of words, for the map's tooltips. */
export function reportTitle({ properties }: Report, words: Vocabulary): string {
  const { category, severity } = properties;
  const said = [words.label("category", category), words.label("severity", severity)];
  return withoutReadings(said.join(", "));
}
