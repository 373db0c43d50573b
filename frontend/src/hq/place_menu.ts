/** "What is here": asked by a right click, a long press, or M for the middle of the map. */

import type { Position } from "geojson";
import { language, number, t } from "../core/language.ts";
import { timeAgo } from "../core/times.ts";
import { button, el } from "../dom/element.ts";
import { HereMark } from "../map/here_mark.ts";
import { L, type LeafletMap } from "../map/leaflet.ts";
import { coordinateBlock } from "./coordinate_block.ts";
import type { Desk } from "./desk.ts";
import { type Here, NEAR_M, type NearReports, readHere, readNearReports } from "./here.ts";
import { nearItem } from "./near_item.ts";
import { length } from "./place_lines.ts";
import { what } from "./row.ts";

export interface PlaceHands {
  readonly enter: (at: Position) => void;
  readonly measure: (from: Position) => void;
  readonly nearest: (from: Position, title: string) => void;
  readonly open: (layer: string, id: string) => void;
}

export class PlaceMenu {
  private readonly desk: Desk;
  private readonly map: LeafletMap;
  private readonly hands: PlaceHands;
  private readonly mark: HereMark;
  private readonly box = el("aside", {
    id: "here",
    class: "near here",
    tabindex: "-1",
    hidden: true,
  });
  private readonly title = el("h2", {}, "");
  private readonly coordinates = el("div");
  private readonly found = el("div", { class: "here-found" });
  private at: Position = [0, 0];
  private asked = 0;

  constructor(desk: Desk, map: LeafletMap, hands: PlaceHands) {
    this.desk = desk;
    this.map = map;
    this.hands = hands;
    this.mark = new HereMark(map);
    this.build();
    // a right click, and a long press where there is no mouse
    map.on("contextmenu", ({ latlng }) => {
      const { lng, lat } = L.latLng(latlng).wrap();
      this.show([lng, lat]);
    });
  }

  /** For the keyboard. */
  atCentre(): void {
    const { lng, lat } = this.map.getCenter().wrap();
    this.show([lng, lat]);
    this.box.focus();
  }

  show(at: Position): void {
    this.at = at;
    this.box.hidden = false;
    // on the other side, or it would cover what was asked about
    const { x } = this.map.latLngToContainerPoint([at[1] ?? 0, at[0] ?? 0]);
    this.box.classList.toggle("on-left", x > this.map.getSize().x / 2 + 1);
    this.mark.show(at, NEAR_M);
    this.title.textContent = t("This point");
    this.coordinates.replaceChildren(coordinateBlock(at));
    this.found.replaceChildren(el("p", { class: "quiet", role: "status" }, t("Looking…")));
    this.box.scrollTop = 0;
    void this.read(at);
  }

  close(): void {
    this.asked += 1;
    this.box.hidden = true;
    this.mark.clear();
  }

  private build(): void {
    this.box.setAttribute("aria-label", t("What is here"));
    const close = button("×", () => this.close(), { class: "square", "aria-label": t("Close") });
    this.box.append(el("header", {}, this.title, close), this.acts(), this.coordinates, this.found);
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
      this.map.getContainer().focus({ preventScroll: true });
    });
    this.map.getContainer().parentElement?.append(this.box);
  }

  private acts(): HTMLElement {
    const enter = button(t("Enter a report here…"), () => this.leaveTo(this.hands.enter), {
      id: "here-enter",
    });
    const measure = button(t("Measure from here"), () => this.leaveTo(this.hands.measure), {
      id: "here-measure",
    });
    const nearest = button(
      t("Nearest places…"),
      () => this.leaveTo((at) => this.hands.nearest(at, this.title.textContent ?? "")),
      { id: "here-nearest" },
    );
    const may = this.desk.mayEdit ? enter : null;
    return el("p", { class: "buttons" }, may, measure, nearest);
  }

  private leaveTo(act: (at: Position) => void): void {
    const { at } = this;
    this.close();
    act(at);
  }

  private async read(at: Position): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const asked = [readHere(this.desk, at), readNearReports(this.desk, at)] as const;
    const [here, reports] = await Promise.allSettled(asked);
    if (mine !== this.asked) return;
    if (here.status === "fulfilled") this.title.textContent = hereWords(here.value);
    this.found.replaceChildren(
      ...(here.status === "fulfilled" ? [areaLine(here.value)] : [unread()]),
      ...(reports.status === "fulfilled" ? this.reports(reports.value) : [unread()]),
      ...(here.status === "fulfilled" ? this.places(here.value) : []),
    );
  }

  private reports({ near, isPart }: NearReports): HTMLElement[] {
    const n = isPart ? `${number(near.length)}+` : number(near.length);
    const head = el("h3", {}, t("Reports within {distance}: {n}", distanceAnd(n)));
    const lines = near.map(({ report, metres }) => {
      const { words } = this.desk;
      const open = button(what(report, words), () => this.openReport(report.id), {
        class: "link near-name",
      });
      const { severity, status, received_at } = report.properties;
      const facts = [
        length(metres),
        words.label("severity", severity),
        words.label("status", status),
        timeAgo(received_at, Date.now()),
      ].join(" · ");
      return el(
        "li",
        { class: "near-item" },
        el("div", {}, open, el("p", { class: "quiet" }, facts)),
      );
    });
    return [head, el("ul", { class: "here-list" }, ...lines)];
  }

  private openReport(id: string): void {
    this.close();
    this.desk.open(id);
  }

  private places({ items }: Here): HTMLElement[] {
    const head = el("h3", {}, t("Published within {distance}: {n}", distanceAnd(items.length)));
    const lines = items.map((place) =>
      nearItem(place, this.desk.words, () => this.hands.open(place.layer, place.feature_id)),
    );
    return [head, el("ul", { class: "here-list" }, ...lines)];
  }
}

function distanceAnd(n: string | number) {
  return { distance: length(NEAR_M), n };
}

export function hereWords({ place, place_en }: Here): string {
  const words = language() === "en" ? place_en || place : place;
  return words ?? t("Place without a name");
}

function areaLine({ municipality_name, municipality_name_en }: Here): HTMLElement {
  const en = language() === "en" ? municipality_name_en : null;
  const name = en ?? municipality_name ?? t("Not known");
  return el("p", {}, t("Municipality: {name}", { name }));
}

function unread(): HTMLElement {
  return el("p", { class: "error", role: "status" }, t("This cannot be looked up just now."));
}
