/** What is around, as a list: reports of everybody, and places of support, nearest first. */

import { number } from "../../core/language.ts";
import type { Unsubscribe } from "../../core/observable.ts";
import type { Report } from "../../core/report.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say, withReadings } from "../../dom/say.ts";
import { type Around, around, type Surroundings } from "../around/around.ts";
import { AsOfLine } from "../around/as_of.ts";
import { FilterPanel } from "../around/filter_panel.ts";
import { KnownReports } from "../around/known_reports.ts";
import { type Pieces, pieces } from "../around/pieces.ts";
import { PlaceList } from "../around/place_list.ts";
import { reportCard, waitingCard } from "../around/report_card.ts";
import {
  passes,
  type ReportFilter,
  readFilter,
  type Standpoint,
  writeFilter,
} from "../around/report_filter.ts";
import { go, keepQuery, type Place } from "../frame/router.ts";
import { Thumbs } from "../frame/thumbs.ts";
import { Here } from "../place/here.ts";
import type { MakeScreen, Phone, Screen } from "../screen.ts";

const PARTS = ["reports", "places"] as const;
type Part = (typeof PARTS)[number];
/** Farther down than this the list is not moved under the reader's eyes. */
const READING_PX = 160;

/** How far down each list was left, by address: the way back from a report leads there. */
const left = new Map<string, { readonly shown: number; readonly top: number }>();

export const list: MakeScreen = (phone, place) => {
  const here = around(phone.state);
  const surroundings = here.now.value;
  return surroundings ? new ListScreen(phone, place, here, surroundings).made() : nothingYet(here);
};

/** Without an incident nobody reports anything; the list comes with one. */
export function nothingYet(here: Around): Screen {
  const words = say("No incident is known yet. The list comes with the first contact.");
  const body = el("section", { class: "stack" }, el("p", { class: "empty" }, words));
  const end = here.now.changed(() => go(location.pathname.slice(3), { replace: true }));
  return { title: plain("List"), tab: "list", body, leave: end };
}

class ListScreen {
  private readonly phone: Phone;
  private readonly surroundings: Surroundings;
  private readonly address: string;
  private readonly asOf: AsOfLine;
  private readonly here: Here;
  private readonly known: KnownReports;
  private readonly places: PlaceList;
  private readonly thumbs: Thumbs;
  private readonly panel: FilterPanel;
  private readonly tabs = el("div", { class: "parts" });
  private readonly news = el("div", { class: "news" });
  private readonly holder = el("div", { class: "stack" });
  private readonly reports = el("div", { class: "stack" });
  private readonly toMap = el("a", { class: "button" }, icon("ui_map"), say("Map"));
  private readonly ends: Unsubscribe[] = [];
  private filter: ReportFilter;
  private part: Part;
  private shown: Pieces | null = null;
  private drawnIds: ReadonlySet<string> = new Set();

  constructor(phone: Phone, place: Place, about: Around, surroundings: Surroundings) {
    this.phone = phone;
    this.surroundings = surroundings;
    this.address = location.pathname + location.search;
    this.filter = readFilter(place.query);
    this.part = place.query.get("part") === "places" ? "places" : "reports";
    this.asOf = new AsOfLine(about);
    this.here = new Here(phone.state);
    this.known = new KnownReports(phone.state, surroundings);
    this.thumbs = new Thumbs(phone.state.box);
    this.panel = new FilterPanel(this.filter, phone.state.words, (next) => this.use(next));
    this.places = new PlaceList(phone.state, surroundings, this.here, {
      kind: place.query.get("kind"),
      changed: () => this.keepAddress(),
    });
    this.ends.push(about.hold());
  }

  async made(): Promise<Screen> {
    await Promise.all([this.surroundings.reports.ready, this.surroundings.layers.ready]);
    const { now } = this.known;
    this.ends.push(
      now.changed(() => this.drawUnlessRead()),
      this.surroundings.reports.asOf.changed(() => this.draw("if empty")),
      this.here.fix.changed(() => this.drawUnlessRead()),
    );
    this.drawTabs();
    this.linkMap();
    const back = left.get(this.address);
    this.drawPart(back?.shown);
    if (back) requestAnimationFrame(() => scroller()?.scrollTo({ top: back.top }));
    const body = el("section", { class: "stack around" }, this.asOf.root, this.tabs, this.holder);
    return { title: plain("List"), tab: "list", body, leave: () => this.leave() };
  }

  private leave(): void {
    const address = location.pathname === "/m/list" ? location.pathname + location.search : null;
    left.set(address ?? this.address, {
      shown: this.shown?.shown() ?? 0,
      top: scroller()?.scrollTop ?? 0,
    });
    for (const end of this.ends) end();
    for (const part of [this.asOf, this.here, this.known, this.places]) part.stop();
    this.thumbs.release();
  }

  private drawTabs(): void {
    const labels = { reports: say("Reports"), places: say("Places of support") };
    const made = PARTS.map((part) =>
      button(labels[part], () => this.show(part), {
        class: "parts__tab",
        "aria-pressed": String(part === this.part),
      }),
    );
    this.tabs.replaceChildren(...made);
  }

  private show(part: Part): void {
    this.part = part;
    this.drawTabs();
    this.keepAddress();
    this.drawPart();
    scroller()?.scrollTo({ top: 0 });
    this.tabs.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
  }

  private use(filter: ReportFilter): void {
    this.filter = filter;
    this.keepAddress();
    this.draw();
  }

  private keepAddress(): void {
    const query = writeFilter(this.filter);
    if (this.part === "places") query.set("part", "places");
    if (this.places.kind) query.set("kind", this.places.kind);
    keepQuery(query);
    this.linkMap();
  }

  /** The map shows what the list does. */
  private linkMap(): void {
    const path = `map?${writeFilter(this.filter)}`;
    this.toMap.setAttribute("href", `/m/${path}`);
    this.toMap.setAttribute("data-go", path);
  }

  private drawPart(first?: number): void {
    if (this.part === "places") {
      this.holder.replaceChildren(this.places.root);
      this.places.draw();
    } else {
      const tools = el("div", { class: "around__tools" }, this.toMap, this.panel.root);
      this.holder.replaceChildren(tools, this.news, this.reports);
      this.draw("always", first);
    }
  }

  /** While somebody reads farther down, what is new waits behind a button. */
  private drawUnlessRead(): void {
    if (this.part === "places") return;
    const fresh = this.matching().filter(({ id }) => !this.drawnIds.has(id)).length;
    const atTop = (scroller()?.scrollTop ?? 0) < READING_PX;
    if (atTop) this.draw();
    if (atTop || fresh === 0) return;
    const words = plain("Show {n} new", { n: number(fresh) });
    const show = button(withReadings(words), () => this.draw(), { class: "button button--main" });
    this.news.replaceChildren(show);
  }

  private draw(when: "always" | "if empty" = "always", first?: number): void {
    if (when === "if empty" && this.drawnIds.size > 0) return;
    this.news.replaceChildren();
    const from = this.standpoint();
    const { waiting } = this.known.now.value;
    const found = this.matching();
    this.drawnIds = new Set(found.map(({ id }) => id));
    const { words } = this.phone.state;
    this.shown = pieces(found, (report) => reportCard(report, words, from), {
      label: plain("Reports"),
      first: Math.max(first ?? 0, this.shown?.shown() ?? 0),
    });
    const own = waiting.map((entry) => waitingCard(entry, words, this.thumbs, from.now));
    const top =
      own.length > 0
        ? el("ul", { class: "list", "aria-label": plain("Yours, not sent yet") }, ...own)
        : null;
    const body = found.length > 0 ? this.shown.body : this.empty();
    this.reports.replaceChildren(...[this.count(found), top, body].filter((one) => one !== null));
  }

  private matching(): readonly Report[] {
    const from = this.standpoint();
    return this.known.now.value.reports.filter((report) => passes(report, this.filter, from));
  }

  private standpoint(): Standpoint {
    return { now: Date.now(), here: this.here.at, mine: this.known.now.value.mine };
  }

  private count(found: readonly Report[]): HTMLElement | null {
    const { reports } = this.known.now.value;
    if (reports.length === 0) return null;
    const n = number(found.length);
    const words = plain("{n} of {all} reports", { n, all: number(reports.length) });
    const cut = this.surroundings.reports.cut.value
      ? el("span", {}, " ", say("Older ones are not kept on this phone."))
      : null;
    return el("p", { class: "soft", role: "status" }, withReadings(words), cut);
  }

  private empty(): HTMLElement {
    if (this.surroundings.reports.asOf.value === null) {
      const words = say("Nothing has been copied to this phone yet. It needs a network once.");
      return el("p", { class: "empty" }, words);
    }
    const { reports } = this.known.now.value;
    const words = reports.length > 0 ? say("No report fits the filter.") : say("No reports yet.");
    return el("p", { class: "empty" }, words);
  }
}

function scroller(): HTMLElement | null {
  return document.getElementById("screen");
}
