/** The rail's switch for grid squares: where nobody has reported from, all clear, reported. */

import { Problem } from "../core/api.ts";
import { boxText } from "../core/box_text.ts";
import {
  type CoverageData,
  isTooWide,
  type Square,
  type SquareState,
  shortWords,
  squareWords,
  stateWords,
  townNames,
} from "../core/coverage.ts";
import { NO_FILTER } from "../core/filter.ts";
import { number, t } from "../core/language.ts";
import { listQuery } from "../core/list_query.ts";
import { Rereading } from "../core/rereading.ts";
import { clockTime } from "../core/times.ts";
import { button, byId, el } from "../dom/element.ts";
import { CoverageLayer } from "../map/coverage.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import type { Desk } from "./desk.ts";

const STATES: readonly SquareState[] = ["none", "all_clear", "reported"];
const PAUSES = { every: 700, afterFailure: 5_000 };
/** New reports may wait that long: silence is not of the second. */
const REST_MS = 5_000;
const LABEL_ZOOM = 12;
const MOST_NAMES = 6;
/** As the desk opens: nobody has chosen anything. */
const USUAL = listQuery(NO_FILTER).toString();

export class Coverage {
  private readonly desk: Desk;
  private readonly map: LeafletMap;
  private readonly layer: CoverageLayer;
  private readonly box = byId("coverage") as HTMLInputElement;
  private readonly rereading = new Rereading(() => this.read(), PAUSES);
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk, map: LeafletMap) {
    this.desk = desk;
    this.map = map;
    this.layer = new CoverageLayer(map, {
      label: (square) => (map.getZoom() < LABEL_ZOOM ? "" : shortWords(square, Date.now())),
      words: (square) => this.words(square),
    });
    const asked = new URLSearchParams(location.search).has("coverage");
    this.box.checked = asked || (desk.memory.get<boolean>("coverage") ?? false);
    this.box.addEventListener("change", () => this.switched());
    const again = () => this.rereading.again();
    for (const seen of [desk.view, desk.filter, desk.ownAreaOnly]) seen.changed(again);
    desk.store.changed(() => this.later());
    if (this.box.checked) again();
  }

  private switched(): void {
    this.desk.memory.set("coverage", this.box.checked);
    this.rereading.again();
  }

  private later(): void {
    this.waiting ??= setTimeout(() => {
      this.waiting = undefined;
      this.rereading.again();
    }, REST_MS);
  }

  private async read(): Promise<void> {
    const { desk } = this;
    if (!this.box.checked) {
      this.show([], null);
      return;
    }
    const view = desk.view.value;
    if (isTooWide(view)) {
      this.show([], el("div", {}, this.note(t("Zoom in to see the squares.")), this.listLink()));
      return;
    }
    const query = desk.query;
    const chosen = query.toString() !== USUAL;
    query.set("bbox", boxText(view));
    try {
      const found = await desk.api.get<CoverageData>(`${desk.page.urls.coverage}?${query}`);
      if (this.box.checked) this.show(found.squares, this.legend(found, chosen));
    } catch (error) {
      this.show([], this.note(t("The squares cannot be read just now.")));
      if (!isRefusal(error)) throw error;
    }
  }

  private show(squares: readonly Square[], legend: HTMLElement | null): void {
    this.layer.show(squares);
    const place = byId("coverage-legend");
    place.hidden = legend === null;
    place.replaceChildren(...(legend ? [legend] : []));
  }

  private legend({ counts, squares, as_of }: CoverageData, chosen: boolean): HTMLElement {
    if (squares.length === 0) return this.note(t("No known town lies in this part of the map."));
    const rows = STATES.map((state) =>
      el(
        "li",
        {},
        el("span", { class: `coverage-swatch is-${state}`, "aria-hidden": "true" }),
        stateWords(state),
        el("span", { class: "count" }, number(counts[state])),
      ),
    );
    const time = clockTime(as_of);
    return el(
      "div",
      {},
      el("ul", { class: "tree coverage-states" }, ...rows),
      el(
        "p",
        { class: "quiet" },
        t("Squares of 1 km with a town, in view, as of {time}.", { time }),
      ),
      chosen
        ? el("p", { class: "coverage-chosen" }, t("Only what the filter shows counts."))
        : null,
      this.listLink(),
    );
  }

  private listLink(): HTMLElement | null {
    if (!this.desk.mayEdit) return null;
    const href = `${this.desk.page.urls.numbers}#silence`;
    return el("p", {}, el("a", { href }, t("List of silent towns")));
  }

  private note(words: string): HTMLElement {
    return el("p", { class: "quiet" }, words);
  }

  private words(square: Square): HTMLElement {
    const show = button(t("Show these reports"), () => this.narrow(square.mesh));
    return el(
      "div",
      { class: "coverage-words" },
      el("p", {}, el("strong", {}, squareWords(square, Date.now()))),
      el("p", {}, townNames(square, MOST_NAMES)),
      el("p", { class: "quiet" }, t("Grid square {code}", { code: square.mesh })),
      square.reports > 0 ? show : null,
    );
  }

  private narrow(mesh: string): void {
    const { filter, ownAreaOnly } = this.desk;
    // a neighbour's reports in the square were counted, too (reports/coverage.py)
    ownAreaOnly.set(false);
    filter.set({ ...filter.value, area: new Set(), mesh: new Set([mesh]) });
    this.map.closePopup();
  }
}

/** A refusal stays one; what was lost on the way, or found the server busy, is asked for again. */
function isRefusal(error: unknown): boolean {
  return error instanceof Problem && error.status < 500 && error.status !== 429;
}
