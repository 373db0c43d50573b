/** One report: the photo first, then what, where (how sure), when, who, status, history. */

import { markPosition } from "../core/geometry.ts";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { duration, exactTime, timeAgo } from "../core/times.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { button, byId, el } from "../dom/element.ts";
import { reportMark } from "../map/report_icon.ts";
import { acceptedLine } from "./accept.ts";
import { assignment } from "./assign.ts";
import { type ContextHands, Surroundings } from "./context.ts";
import { coordinateBlock } from "./coordinate_block.ts";
import { decisions, severityChoice } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { DuplicatesPart } from "./duplicates.ts";
import { historySection } from "./history.ts";
import { logPart } from "./log_dialog.ts";
import { keepUntilLoaded, photoFigure, photoId } from "./photo_view.ts";
import { placeLines } from "./place_lines.ts";
import { publicMark } from "./public_mark.ts";
import { releaseSection } from "./release.ts";
import { placeWords, what } from "./row.ts";
import { Talk } from "./talk.ts";

export interface DetailHandlers extends ContextHands {
  /** Move the map there: only because this button was pressed. */
  readonly showOnMap: (report: Report) => void;
  readonly placeOnMap: (report: Report) => void;
  readonly movePlace: (report: Report) => void;
}

interface Before {
  readonly focused: string | null;
  /** Summaries of what was unfolded. */
  readonly opened: ReadonlySet<string>;
  readonly images: readonly HTMLImageElement[];
}

export class Detail {
  private readonly box = byId("detail");
  private readonly desk: Desk;
  private readonly handlers: DetailHandlers;
  private drawn: Report | null = null;
  readonly talk: Talk;
  private readonly duplicates: DuplicatesPart;
  readonly surroundings: Surroundings;

  constructor(desk: Desk, handlers: DetailHandlers) {
    this.desk = desk;
    this.handlers = handlers;
    this.talk = new Talk(desk);
    this.duplicates = new DuplicatesPart(desk);
    this.surroundings = new Surroundings(desk, handlers);
    desk.selected.watch(() => this.show());
    desk.store.changed(() => this.show());
  }

  private show(): void {
    const { report } = this.desk;
    document.body.classList.toggle("has-detail", report !== null);
    this.box.hidden = report === null;
    if (report === this.drawn) return;
    const another = report?.id !== this.drawn?.id;
    this.drawn = report;
    if (report) this.draw(report, another);
  }

  private draw(report: Report, another: boolean): void {
    const before = another ? null : this.remember();
    this.box.replaceChildren(...this.sections(report));
    if (before) this.restore(before);
    else this.box.scrollTop = 0;
  }

  // Drawing anew because a photo arrived must not take the keyboard, an opened history or the
  // picture away from somebody who is reading.
  private remember(): Before {
    const active = document.activeElement;
    const focused = this.box.contains(active) ? active?.id || this.box.id : null;
    const open = [...this.box.querySelectorAll("details[open] > summary")];
    const opened = new Set(open.map((summary) => summary.textContent ?? ""));
    const images = [...this.box.querySelectorAll<HTMLImageElement>(".photo-image")];
    return { focused, opened, images };
  }

  private restore({ focused, opened, images }: Before): void {
    if (focused) (document.getElementById(focused) ?? this.box).focus();
    for (const details of this.box.querySelectorAll("details")) {
      details.open = opened.has(details.querySelector("summary")?.textContent ?? "");
    }
    for (const image of this.box.querySelectorAll<HTMLImageElement>(".photo-image")) {
      const old = images.find((other) => photoId(other) === photoId(image));
      if (old && old.src !== image.src) keepUntilLoaded(image, old.src);
    }
  }

  private sections(report: Report): HTMLElement[] {
    return [
      this.tools(report),
      photos(report, this.desk),
      this.heading(report),
      ...(this.desk.mayEdit ? [decisions(report, this.desk)] : []),
      ...given(assignment(report, this.desk)),
      this.words(report),
      ...(this.desk.mayEdit ? [this.duplicates.section(report)] : []),
      ...(this.desk.mayEdit ? [this.talk.section(report)] : []),
      ...(this.desk.mayEdit ? [logPart(report, this.desk)] : []),
      ...(this.desk.mayEdit ? [releaseSection(report, this.desk)] : []),
      this.where(report),
      this.surroundings.section(report),
      when(report),
      who(report, this.desk.words),
      ...(this.desk.mayEdit ? [historySection(report, this.desk)] : []),
    ];
  }

  private tools(report: Report): HTMLElement {
    const step = (by: 1 | -1) => () => this.desk.step(by);
    return el(
      "div",
      { class: "detail-tools" },
      button(t("Back to the list"), () => this.desk.close(), { class: "link", title: "Esc" }),
      el("span", { class: "receipt", title: t("Receipt code") }, report.properties.receipt),
      button("↑", step(-1), {
        class: "square",
        title: t("Previous (K)"),
        "aria-label": t("Previous (K)"),
      }),
      button("↓", step(1), { class: "square", title: t("Next (J)"), "aria-label": t("Next (J)") }),
      this.desk.claims.section(report),
    );
  }

  private heading(report: Report): HTMLElement {
    const { words, mayEdit } = this.desk;
    const { severity, status } = report.properties;
    const state = el("strong", { class: "detail-status" }, words.label("status", status));
    const worst = el("span", {}, words.label("severity", severity));
    return el(
      "header",
      { class: "detail-head" },
      reportMark(report, words) as unknown as HTMLElement,
      el("h2", {}, what(report, words), publicMark(report)),
      el(
        "p",
        { class: "detail-state" },
        state,
        mayEdit ? severityChoice(report, this.desk) : worst,
      ),
      acceptedLine(report),
    );
  }

  private words({ properties }: Report): HTMLElement {
    const { comment, comment_hq, reason, floor } = properties;
    const said = comment || t("No comment");
    return el(
      "section",
      { class: "said" },
      el("p", { class: comment ? "comment" : "comment none" }, said),
      floor ? el("p", {}, t("Floor: {floor}", { floor })) : null,
      reason ? el("p", {}, t("Reason: {reason}", { reason })) : null,
      comment_hq ? el("p", { class: "comment-hq" }, t("HQ: {text}", { text: comment_hq })) : null,
    );
  }

  private where(report: Report): HTMLElement {
    const lines = placeLines(report, this.desk.words).map(({ text, doubtful }) =>
      el("li", { class: doubtful ? "doubtful" : "" }, text),
    );
    const show = button(t("Show on the map"), () => this.handlers.showOnMap(report));
    const place = button(t("Set the place…"), () => this.handlers.placeOnMap(report), {
      id: "place-on-map",
    });
    const move = button(t("Move…"), () => this.handlers.movePlace(report), { id: "move-place" });
    const note = report.properties.geometry_note;
    return el(
      "section",
      {},
      el("h3", {}, placeWords(report)),
      el("ul", { class: "lines" }, ...lines),
      note ? el("p", {}, t("In words: {text}", { text: note })) : null,
      coordinatesOf(report),
      el(
        "p",
        { class: "buttons" },
        report.geometry ? show : null,
        this.desk.mayEdit && report.geometry ? move : null,
        this.desk.mayEdit ? place : null,
      ),
    );
  }
}

function given(section: HTMLElement | null): HTMLElement[] {
  return section ? [section] : [];
}

function coordinatesOf({ geometry }: Report): HTMLElement | null {
  const at = markPosition(geometry);
  if (!geometry || !at) return null;
  const point = geometry.type === "Point";
  const words = point ? t("Coordinates") : t("Coordinates of its middle");
  return el("details", { class: "coordinates-of" }, el("summary", {}, words), coordinateBlock(at));
}

function photos(report: Report, desk: Desk): HTMLElement {
  const all = report.properties.photos ?? [];
  const alt = `${what(report, desk.words)} ${placeWords(report)}`;
  if (all.length === 0) return el("div", { class: "photos none" }, t("No photo"));
  return el("div", { class: "photos" }, ...all.map((photo) => photoFigure(photo, desk.words, alt)));
}

function when({ properties }: Report): HTMLElement {
  const { captured_at, received_at, clock_skew_s, captured_in_future } = properties;
  const now = Date.now();
  const taken = captured_at ? timeAgo(captured_at, now) : t("Not reported");
  return el(
    "dl",
    { class: "facts" },
    ...fact(t("Taken"), taken, captured_at, captured_in_future ? t("Lies in the future") : null),
    ...fact(t("Received"), timeAgo(received_at, now), received_at, skew(clock_skew_s)),
    ...delay(captured_at, received_at),
  );
}

function fact(name: string, value: string, exact?: string | null, doubt?: string | null) {
  const shown = el("dd", { title: exact ? exactTime(exact) : null }, value);
  if (doubt) shown.append(" ", el("span", { class: "doubtful" }, doubt));
  return [el("dt", {}, name), shown];
}

function skew(seconds: number | null | undefined): string | null {
  if (!seconds || Math.abs(seconds) < 60) return null;
  return t("Phone clock {duration} off", { duration: duration(seconds) });
}

// From shutter to headquarters; a report that waited for signal is older than it looks.
function delay(captured: string | null | undefined, received: string): HTMLElement[] {
  if (!captured) return [];
  const seconds = (Date.parse(received) - Date.parse(captured)) / 1000;
  if (seconds < 60) return [];
  return fact(t("On its way for"), duration(seconds));
}

function who({ properties }: Report, words: Vocabulary): HTMLElement {
  const { reporter, organisation, receipt, channel, told_by } = properties;
  const by = [reporter, organisation].filter(Boolean).join(" / ");
  // told to headquarters: who called is one person, who wrote it down another
  const told = channel
    ? [
        ...fact(t("Came by"), words.label("channel", channel)),
        ...fact(t("Told by"), told_by || t("Not known")),
        ...fact(t("Written down by"), by || t("Not known")),
      ]
    : fact(t("Reported by"), by || t("Not known"));
  return el("dl", { class: "facts" }, ...told, ...fact(t("Receipt code"), receipt));
}
