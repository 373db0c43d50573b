/** Goes to a new serious report, if told to, and back to the whole when it has been seen. */

import type { MapView } from "../core/desk_query.ts";
import { Observable } from "../core/observable.ts";
import type { Report } from "../core/report.ts";
import { timeAgo } from "../core/times.ts";
import { Follower, isSerious } from "../core/wall.ts";
import { hasFlag, setFlag } from "../dom/address_flag.ts";
import { byId, el } from "../dom/element.ts";
import type { Desk } from "../hq/desk.ts";
import { placeWords, what } from "../hq/row.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { reportMark } from "../map/report_icon.ts";
import { goTo, mapView, setMapView } from "../map/view.ts";

const NAME = "follow";

export class Following {
  /** Not the desk's selection: that tells colleagues that somebody has it open. */
  readonly shown = new Observable<string | null>(null);
  private readonly desk: Desk;
  private readonly map: LeafletMap;
  private readonly follower = new Follower();
  private known: ReadonlySet<string> | null = null;
  private home: MapView;
  private isMoving = false;
  private isOn = false;

  constructor(desk: Desk, map: LeafletMap) {
    this.desk = desk;
    this.map = map;
    this.home = mapView(map);
    // where a hand has put the map is the whole from then on; not while it is somewhere for a time
    map.on("moveend", () => {
      if (!this.isMoving && this.shown.value === null) this.home = mapView(map);
    });
    desk.newcomers.ids.changed((ids) => this.arrived(ids));
    byId("wall-follow").addEventListener("click", () => this.turn(!this.isOn));
    this.turn(hasFlag(NAME));
    setInterval(() => this.step(), 1_000);
  }

  get isBusy(): boolean {
    return this.follower.isBusy;
  }

  private turn(on: boolean): void {
    this.isOn = on;
    byId("wall-follow").setAttribute("aria-pressed", String(on));
    setFlag(NAME, on);
    if (on) return;
    if (this.isBusy) this.goHome();
    this.follower.stop();
  }

  /** What was there when the page opened is not news. */
  private arrived(ids: ReadonlySet<string>): void {
    const before = this.known;
    this.known = ids;
    if (!before || !this.isOn) return;
    const fresh = [...ids].filter((id) => !before.has(id)).map((id) => this.desk.store.get(id));
    const there = fresh.filter((report) => report !== null);
    this.follower.arrived(there.filter((report) => this.desk.lets(report)));
    this.step();
  }

  private step(): void {
    if (!this.isOn) return;
    const isThere = (id: string) => {
      const report = this.desk.store.get(id);
      return report !== null && isSerious(report);
    };
    const move = this.follower.next(Date.now(), isThere);
    if (move === "home") this.goHome();
    else if (move) this.show(this.desk.store.get(move.show.id) ?? move.show);
  }

  /** Because somebody asked for it; it stays until they ask again, or another one is shown. */
  look(id: string): void {
    const report = this.desk.store.get(id);
    if (this.shown.value === id) this.goHome();
    else if (report) this.show(report);
  }

  private show(report: Report): void {
    this.shown.set(report.id);
    this.desk.window.need("wall", [report.id]);
    const { geometry } = report;
    if (geometry) this.moving(() => goTo(this.map, geometry));
    byId("wall-shown").replaceChildren(...card(report, this.desk));
    byId("wall-shown").hidden = false;
  }

  private goHome(): void {
    this.shown.set(null);
    this.desk.window.need("wall", []);
    byId("wall-shown").hidden = true;
    this.moving(() => setMapView(this.map, this.home));
  }

  private moving(act: () => void): void {
    this.isMoving = true;
    act();
    this.isMoving = false;
  }
}

function card(report: Report, desk: Desk): (Node | string)[] {
  const { severity, received_at, photos } = report.properties;
  const { words } = desk;
  const photo = photos?.[0];
  const src = photo?.display_url ?? photo?.preview_url;
  return [
    el("span", { class: "row-mark" }, reportMark(report, words) as unknown as HTMLElement),
    el(
      "div",
      { class: "wall-shown-words" },
      el("p", {}, words.label("severity", severity)),
      el("h2", {}, what(report, words)),
      el("p", {}, placeWords(report)),
      el("p", {}, timeAgo(received_at, Date.now())),
    ),
    ...(src ? [el("img", { src, alt: "" })] : []),
  ];
}
