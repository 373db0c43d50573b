/** The rail's switch for silence, by grid squares or municipalities: no report, all clear, reported. */

import { Problem } from "../core/api.ts";
import { boxText } from "../core/box_text.ts";
import {
  type By,
  isTooWide,
  type MunicipalitiesData,
  mostSilentFirst,
  type SquaresData,
  shortWords,
  toldWords,
  townNames,
} from "../core/coverage.ts";
import { type Filter, NO_FILTER } from "../core/filter.ts";
import { FirstUnshown } from "../core/first_unshown.ts";
import { t } from "../core/language.ts";
import { listQuery } from "../core/list_query.ts";
import { type Pace, PacedReading } from "../core/pacing.ts";
import { button, byId, el } from "../dom/element.ts";
import { CoverageLayer, type Part } from "../map/coverage.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { CoverageChoice } from "./coverage_choice.ts";
import { legend, municipalityList, note } from "./coverage_legend.ts";
import type { Desk } from "./desk.ts";
import { nameOf } from "./filter_names.ts";

/** New reports may wait that long: silence is not of the second. */
const PACE: Pace = { everyMs: 5_000, restTimes: 5, afterFailureMs: 5_000 };
/** From there on a square has room for a few signs. */
const LABEL_ZOOM = 12;
const MOST_NAMES = 6;
/** As the desk opens: nobody has chosen anything. */
const USUAL = listQuery(NO_FILTER).toString();

export class Coverage {
  private readonly desk: Desk;
  private readonly map: LeafletMap;
  private readonly layer: CoverageLayer;
  private readonly choice: CoverageChoice;
  private readonly unshown = new FirstUnshown();
  private readonly reading = new PacedReading((unwanted) => this.read(unwanted), PACE);

  constructor(desk: Desk, map: LeafletMap) {
    this.desk = desk;
    this.map = map;
    this.layer = new CoverageLayer(map, {
      label: (part) => this.label(part),
      words: (part) => this.words(part),
      opened: () => desk.closePopup.set(() => map.closePopup()),
      closed: (part, hadFocus) => this.closed(part, hadFocus),
    });
    desk.behind.watch(this.reading);
    this.choice = new CoverageChoice(desk, () => this.chosen());
    const settled = () => this.choice.by && this.reading.settled();
    for (const seen of [desk.view, desk.filter, desk.ownAreaOnly]) seen.changed(settled);
    desk.feedAt.changed((seq) => this.unshown.told(seq));
    desk.store.changed(() => this.choice.by && this.reading.soon());
    this.chosen();
  }

  private chosen(): void {
    if (this.choice.by) {
      this.reading.now();
      return;
    }
    this.reading.stop();
    this.show([]);
  }

  private async read(unwanted: AbortSignal): Promise<void> {
    const { by } = this.choice;
    if (by === null) return;
    if (isTooWide(this.desk.view.value, by)) {
      this.show([], note(tooWide(by)), this.listLink(by));
      return;
    }
    try {
      await (by === "mesh" ? this.readSquares(unwanted) : this.readMunicipalities(unwanted));
    } catch (error) {
      if (unwanted.aborted) return;
      this.show([], note(refusedAsTooWide(error) ? tooWide(by) : unread(by)));
      if (!isRefusal(error)) throw error;
    }
  }

  private async readSquares(unwanted: AbortSignal): Promise<void> {
    const narrowed = this.narrowed;
    const found = await this.get<SquaresData>({}, unwanted);
    if (unwanted.aborted) return;
    const none = note(t("No known town lies in this part of the map."));
    if (found.squares.length === 0) this.show([], none);
    else {
      const shown = { ...found, by: "mesh" as const, narrowed };
      this.show(found.squares, legend(shown), this.listLink("mesh"));
    }
  }

  private async readMunicipalities(unwanted: AbortSignal): Promise<void> {
    const narrowed = this.narrowed;
    const { feedAt, large } = this.desk;
    const { v, isAll } = this.unshown.next(feedAt.value);
    // where counting is much, an answer that another desk has got a moment ago will do
    const least = large.value ? { v: String(v) } : {};
    const asked = { by: "municipality", ...least };
    const found = await this.get<MunicipalitiesData>(asked, unwanted);
    if (unwanted.aborted) return;
    if (large.value && !isAll) this.reading.soon();
    // silent ones lie below: their dashes would cut the edges of the others
    const all = mostSilentFirst(found.municipalities);
    const none = note(t("No known outline of a municipality lies in this part of the map."));
    if (all.length === 0) this.show([], none);
    else {
      const shown = { ...found, by: "municipality" as const, narrowed };
      this.show(
        all,
        legend(shown),
        municipalityList(all, (one) => this.openByName(one)),
      );
    }
  }

  private get narrowed(): boolean {
    return this.desk.query.toString() !== USUAL;
  }

  private get<T>(more: Readonly<Record<string, string>>, unwanted: AbortSignal): Promise<T> {
    const { api, page, query, view } = this.desk;
    query.set("bbox", boxText(view.value));
    for (const [name, value] of Object.entries(more)) query.set(name, value);
    return api.get<T>(`${page.urls.coverage}?${query}`, unwanted);
  }

  private show(parts: readonly Part[], ...told: (HTMLElement | null)[]): void {
    this.layer.show(parts);
    const place = byId("coverage-legend");
    const list = place.querySelector(".coverage-list");
    const [at, code] = [list?.scrollTop ?? 0, heldCode(place)];
    const shown = told.filter((one) => one !== null);
    place.hidden = shown.length === 0;
    place.replaceChildren(...shown);
    // whoever reads the list stays where they were
    place.querySelector(".coverage-list")?.scrollTo(0, at);
    if (code) nameIn(place, code)?.focus();
  }

  private listLink(by: By): HTMLElement | null {
    if (!this.desk.mayEdit || by !== "mesh") return null;
    const href = `${this.desk.page.urls.numbers}#silence`;
    return el("p", {}, el("a", { href }, t("List of silent towns")));
  }

  private label(part: Part): string {
    const hasRoom = "code" in part || this.map.getZoom() >= LABEL_ZOOM;
    return hasRoom ? shortWords(part, Date.now()) : "";
  }

  private words(part: Part): HTMLElement {
    const told = el("strong", {}, toldWords(part, Date.now()));
    const show = button(t("Show these reports"), () => this.narrow(part));
    return el(
      "div",
      { class: "coverage-words", tabindex: -1 },
      "code" in part ? el("p", {}, nameOf(part)) : null,
      el("p", {}, told),
      "mesh" in part ? el("p", {}, townNames(part, MOST_NAMES)) : null,
      "mesh" in part
        ? el("p", { class: "quiet" }, t("Grid square {code}", { code: part.mesh }))
        : null,
      part.reports > 0 ? show : null,
    );
  }

  /** By the keyboard, too: the words are where its focus goes. */
  private openByName(part: Part): void {
    const words = this.layer.open(part);
    (words.querySelector("button") ?? words).focus();
  }

  /** Back to where it was opened by name; a square has none. */
  private closed(part: Part, hadFocus: boolean): void {
    this.desk.closePopup.set(null);
    if (!hadFocus) return;
    const name = "code" in part ? nameIn(byId("coverage-legend"), part.code) : null;
    (name ?? this.map.getContainer()).focus();
  }

  private narrow(part: Part): void {
    const { filter, ownAreaOnly } = this.desk;
    // a neighbour's reports in the square were counted, too (reports/coverage.py)
    if ("mesh" in part) ownAreaOnly.set(false);
    filter.set({ ...filter.value, ...only(part) });
    this.map.closePopup();
    // where the button was, nothing is
    byId("list").focus();
  }
}

function only(part: Part): Partial<Filter> {
  if ("mesh" in part) return { area: new Set(), mesh: new Set([part.mesh]) };
  return { area: new Set([part.code]) };
}

function heldCode(place: HTMLElement): string | null {
  const held = document.activeElement;
  return held instanceof HTMLElement && place.contains(held) ? (held.dataset.code ?? null) : null;
}

function nameIn(place: HTMLElement, code: string): HTMLElement | null {
  return place.querySelector<HTMLElement>(`[data-code="${code}"]`);
}

function tooWide(by: By): string {
  return by === "mesh" ? t("Zoom in to see the squares.") : t("Zoom in to see the municipalities.");
}

function unread(by: By): string {
  return by === "mesh"
    ? t("The squares cannot be read just now.")
    : t("The municipalities cannot be read just now.");
}

/** More parts than one answer holds. */
function refusedAsTooWide(error: unknown): boolean {
  return error instanceof Problem && error.status === 422 && error.body.field === "bbox";
}

/** A refusal stays one; what was lost on the way, or found the server busy, is asked for again. */
function isRefusal(error: unknown): boolean {
  return error instanceof Problem && error.status < 500 && error.status !== 429;
}
