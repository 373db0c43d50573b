/** What is around, as a map: reports, places, where the phone is; the same as a list below. */

import type { Unsubscribe } from "../../core/observable.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say } from "../../dom/say.ts";
import { type Around, around, extentOf, type Surroundings } from "../around/around.ts";
import { AsOfLine } from "../around/as_of.ts";
import { FilterPanel } from "../around/filter_panel.ts";
import { KindSwitches } from "../around/kind_switches.ts";
import { KnownReports } from "../around/known_reports.ts";
import { MapCard } from "../around/map_card.ts";
import { reportTitle } from "../around/report_card.ts";
import {
  passes,
  type ReportFilter,
  readFilter,
  type Standpoint,
  writeFilter,
} from "../around/report_filter.ts";
import { keepQuery, type Place } from "../frame/router.ts";
import { AreaKeeper } from "../place/area_keeper.ts";
import { Here } from "../place/here.ts";
import { type AroundMap, type Drawn, mapBundle } from "../place/map_bundle.ts";
import type { MakeScreen, Phone, Screen } from "../screen.ts";
import { nothingYet } from "./list.ts";

/** How the map was left, to find it again; by incident. */
const views = new Map<
  string,
  { readonly centre: readonly [number, number]; readonly zoom: number }
>();

export const map: MakeScreen = (phone, place) => {
  const here = around(phone.state);
  const surroundings = here.now.value;
  return surroundings ? new MapScreen(phone, place, here, surroundings).made() : nothingYet(here);
};

class MapScreen {
  private readonly phone: Phone;
  private readonly surroundings: Surroundings;
  private readonly here: Here;
  private readonly known: KnownReports;
  private readonly kinds: KindSwitches;
  private readonly card: MapCard;
  private readonly asOf: AsOfLine;
  private readonly area: AreaKeeper;
  private readonly panel: FilterPanel;
  private readonly stage = el("div", { class: "phone-map__stage" });
  private readonly credits = el("div", { class: "phone-map__credits" });
  private readonly locate: HTMLButtonElement;
  private readonly ends: Unsubscribe[] = [];
  private filter: ReportFilter;
  private shown: AroundMap | null = null;
  private gone = false;

  constructor(phone: Phone, place: Place, about: Around, surroundings: Surroundings) {
    const { state } = phone;
    this.phone = phone;
    this.surroundings = surroundings;
    this.filter = readFilter(place.query);
    this.here = new Here(state);
    this.known = new KnownReports(state, surroundings);
    this.asOf = new AsOfLine(about);
    this.card = new MapCard(state.words);
    this.kinds = new KindSwitches(state, surroundings.layers, () => this.drawLayers());
    this.area = new AreaKeeper(state.box, () => this.shown?.view() ?? null);
    this.panel = new FilterPanel(this.filter, state.words, (next) => this.use(next));
    this.locate = this.locateButton();
    this.ends.push(about.hold());
  }

  async made(): Promise<Screen> {
    await Promise.all([this.surroundings.reports.ready, this.surroundings.layers.ready]);
    await this.kinds.recall();
    this.ends.push(
      this.known.now.changed(() => this.drawReports()),
      this.surroundings.layers.copies.changed(() => this.drawLayers()),
      this.here.fix.changed(() => this.drawHere()),
    );
    void this.openMap();
    const tools = el(
      "div",
      { class: "phone-map__tools stack" },
      this.asOf.root,
      this.panel.root,
      this.kinds.root,
      this.card.list,
      this.area.root,
      this.credits,
    );
    const top = el("div", { class: "phone-map__top" }, this.stage, this.locate, this.card.root);
    const body = el("section", { class: "phone-map" }, top, tools);
    return { title: plain("Map"), tab: "map", body, leave: () => this.leave() };
  }

  private leave(): void {
    this.gone = true;
    for (const end of this.ends) end();
    for (const part of [this.asOf, this.here, this.known, this.kinds, this.area]) part.stop();
    if (!this.shown) return;
    const { centre, zoom } = this.shown.view();
    views.set(this.surroundings.incident.slug, { centre, zoom });
    this.shown.stop();
  }

  private async openMap(): Promise<void> {
    try {
      const bundle = await mapBundle(this.phone.state.page.urls);
      if (this.gone) return;
      this.shown = bundle.around(this.stage, this.options());
    } catch {
      const words = say("The map is not on this phone yet. The list below works without it.");
      this.stage.replaceChildren(el("p", { class: "banner banner--warn" }, words));
      return;
    }
    this.drawReports();
    this.drawLayers();
    this.drawHere();
  }

  private options(): Parameters<NonNullable<typeof window.gspacePhoneMap>["around"]>[1] {
    const { words } = this.phone.state;
    const { incident } = this.surroundings;
    const before = views.get(incident.slug);
    const centre = before?.centre ?? this.here.at ?? incident.centre;
    const zoom = before?.zoom ?? (this.here.at ? 15 : incident.zoom);
    return {
      words,
      start: {
        centre: this.isNear(centre) ? centre : incident.centre,
        zoom,
        extent: extentOf(incident),
      },
      labels: { zoomIn: plain("Zoom in"), zoomOut: plain("Zoom out") },
      credits: this.credits,
      titleOfReport: (report) => reportTitle(report, words),
      pickReport: (id) => this.pickReport(id),
      pickPlace: (place) => this.card.showPlace(place, this.here.at),
      pickNothing: () => this.unpick(),
      moved: (drawn) => this.moved(drawn),
    };
  }

  /** Somebody who looks from elsewhere wants to see the incident, not their own street. */
  private isNear(at: readonly [number, number] | null): boolean {
    const extent = extentOf(this.surroundings.incident);
    if (!at || !extent) return true;
    const [west, south, east, north] = extent;
    return at[0] >= west && at[0] <= east && at[1] >= south && at[1] <= north;
  }

  private pickReport(id: string): void {
    const report = this.known.now.value.reports.find((one) => one.id === id);
    if (!report) return;
    this.shown?.select(id);
    this.card.showReport(report, this.standpoint());
  }

  private unpick(): void {
    this.shown?.select(null);
    this.card.hide();
  }

  private moved(drawn: Drawn): void {
    this.card.showList(drawn, this.standpoint());
    this.area.moved();
  }

  private use(filter: ReportFilter): void {
    this.filter = filter;
    keepQuery(writeFilter(filter));
    this.drawReports();
  }

  private drawReports(): void {
    const from = this.standpoint();
    const { reports } = this.known.now.value;
    this.shown?.showReports(reports.filter((report) => passes(report, this.filter, from)));
  }

  private drawLayers(): void {
    this.shown?.showLayers(this.kinds.shown());
  }

  private drawHere(): void {
    const fix = this.here.fix.value;
    this.locate.hidden = fix === null;
    this.shown?.showHere(this.here.at, fix?.accuracy_m ?? null);
  }

  private locateButton(): HTMLButtonElement {
    const label = plain("Go to my position");
    const made = el("button", { type: "button", class: "phone-map__locate", "aria-label": label });
    made.append(icon("ui_locate"));
    made.addEventListener("click", () => this.here.at && this.shown?.goTo(this.here.at));
    return made;
  }

  private standpoint(): Standpoint {
    return { now: Date.now(), here: this.here.at, mine: this.known.now.value.mine };
  }
}
