/** What was tapped on the map, and what is in view as a list for who cannot tap. */

import { number } from "../../core/language.ts";
import type { Report } from "../../core/report.ts";
import type { Vocabulary } from "../../core/vocabulary.ts";
import { button, el } from "../../dom/element.ts";
import { plain, say, withReadings } from "../../dom/say.ts";
import type { Drawn, LonLat } from "../place/map_bundle.ts";
import { byDistance, nearestFirst, type SupportPlace } from "./nearest.ts";
import { pieces } from "./pieces.ts";
import { placeCard } from "./place_card.ts";
import { reportCard } from "./report_card.ts";
import type { Standpoint } from "./report_filter.ts";

export class MapCard {
  readonly root = el("div", { class: "phone-map__card", hidden: true, role: "region" });
  readonly list = el("details", { class: "filters" });
  private readonly words: Vocabulary;
  private readonly count = el("summary", { class: "button button--wide" });
  private readonly lines = el("div", { class: "stack" });
  private drawn: { readonly drawn: Drawn; readonly from: Standpoint } | null = null;

  constructor(words: Vocabulary) {
    this.words = words;
    this.root.setAttribute("aria-label", plain("Chosen on the map"));
    this.list.append(this.count, this.lines);
    this.list.addEventListener("toggle", () => this.drawList());
  }

  showReport(report: Report, from: Standpoint): void {
    this.show(reportCard(report, this.words, from));
  }

  showPlace(place: SupportPlace, here: LonLat | null): void {
    const [ranked] = nearestFirst([place], here);
    if (ranked) this.show(placeCard(ranked, this.words, Date.now()));
  }

  hide(): void {
    this.root.hidden = true;
    this.root.replaceChildren();
  }

  showList(drawn: Drawn, from: Standpoint): void {
    this.drawn = { drawn, from };
    const values = { n: number(drawn.reports.length), m: number(drawn.places.length) };
    const words = plain("In this view: {n} reports, {m} places", values);
    this.count.replaceChildren(withReadings(words));
    this.drawList();
  }

  private show(card: HTMLElement): void {
    const close = button("×", () => this.hide(), {
      class: "phone-map__close",
      "aria-label": plain("Close"),
    });
    this.root.replaceChildren(el("ul", { class: "list" }, card), close);
    this.root.hidden = false;
    this.root.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  }

  /** Only while it is open: a map moves often. */
  private drawList(): void {
    if (!this.list.open || !this.drawn) return;
    const { drawn, from } = this.drawn;
    const reports = pieces(drawn.reports, (one) => reportCard(one, this.words, from), {
      label: plain("Reports"),
    });
    const ranked = nearestFirst(drawn.places, from.here).sort(byDistance);
    const places = pieces(ranked, (one) => placeCard(one, this.words, from.now), {
      label: plain("Places of support"),
    });
    const left = number(drawn.leftOut);
    const words = plain("{n} more places have no room here. Come closer.", { n: left });
    const note = drawn.leftOut > 0 ? [el("p", { class: "soft" }, withReadings(words))] : [];
    const first = drawn.reports.length > 0 ? [reports.body] : [];
    const second = ranked.length > 0 ? [places.body] : [];
    const none = el("p", { class: "empty" }, say("Nothing is in this view."));
    const all = [...first, ...note, ...second];
    this.lines.replaceChildren(...(all.length > 0 ? all : [none]));
  }
}
