/** An outline drawn on the map: by mouse, by finger, or by the keyboard at the map's middle. */

import type { Position } from "geojson";
import { MOST_CORNERS } from "../core/desk_query.ts";
import { ngettext, t } from "../core/language.ts";
import { button, el } from "../dom/element.ts";
import { L, type LatLng, type LayerGroup, type LeafletMap } from "./leaflet.ts";

/** A hand is no surer (px). */
const NEAR_PX = 14;
const LEAST = 3;

/** Corners as lon/lat degrees, not closed; null when cancelled. One drawing at a time. */
export function drawArea(map: LeafletMap): Promise<Position[] | null> {
  current?.end(null);
  return new Promise((resolve) => {
    current = new Drawing(map, resolve);
  });
}

let current: Drawing | null = null;

class Drawing {
  private readonly map: LeafletMap;
  private readonly resolve: (corners: Position[] | null) => void;
  private readonly group: LayerGroup;
  private readonly cross = el("div", { class: "draw-cross", "aria-hidden": "true" });
  private readonly said = el("span", { role: "status" });
  private readonly bar: HTMLElement;
  private readonly done: HTMLButtonElement;
  private readonly back: HTMLButtonElement;
  private corners: LatLng[] = [];

  constructor(map: LeafletMap, resolve: (corners: Position[] | null) => void) {
    this.map = map;
    this.resolve = resolve;
    this.group = L.layerGroup().addTo(map);
    this.done = button(t("Done"), () => this.finish(), { class: "primary" });
    this.back = button(t("Remove the last corner"), () => this.takeBack());
    this.bar = this.makeBar();
    const box = map.getContainer();
    box.classList.add("picking");
    box.append(this.cross, this.bar);
    map.doubleClickZoom.disable();
    map.on("click", this.clicked);
    map.on("dblclick", this.finish);
    document.addEventListener("keydown", this.pressed, true);
    box.focus({ preventScroll: true });
    this.show();
  }

  end(corners: Position[] | null): void {
    const box = this.map.getContainer();
    box.classList.remove("picking");
    this.cross.remove();
    this.bar.remove();
    this.group.remove();
    this.map.off("click", this.clicked);
    this.map.off("dblclick", this.finish);
    this.map.doubleClickZoom.enable();
    document.removeEventListener("keydown", this.pressed, true);
    current = null;
    this.resolve(corners);
  }

  private makeBar(): HTMLElement {
    const words = t("Click corners on the map, or move it with the arrow keys and press Enter.");
    const bar = el(
      "div",
      { class: "draw-bar", role: "toolbar", "aria-label": t("Draw an area") },
      el("p", {}, words, " ", this.said),
      el(
        "div",
        { class: "buttons" },
        button(t("Corner in the middle"), () => this.add(this.map.getCenter())),
        this.back,
        this.done,
        button(t("Cancel"), () => this.end(null)),
      ),
    );
    L.DomEvent.disableClickPropagation(bar);
    return bar;
  }

  private readonly clicked = ({ latlng }: { latlng: LatLng }): void => this.add(latlng);

  /** The first corner again, or the last one twice, is the end of it. */
  private add(at: LatLng): void {
    const [first, last] = [this.corners[0], this.corners.at(-1)];
    const again = [first, last].some((one) => one !== undefined && this.isNear(one, at));
    if (again) {
      if (this.corners.length >= LEAST) this.finish();
    } else if (this.corners.length < MOST_CORNERS) {
      this.corners.push(at);
      this.show();
    }
  }

  private isNear(a: LatLng, b: LatLng): boolean {
    const [from, to] = [this.map.latLngToContainerPoint(a), this.map.latLngToContainerPoint(b)];
    return from.distanceTo(to) <= NEAR_PX;
  }

  private takeBack(): void {
    this.corners.pop();
    this.show();
  }

  private readonly finish = (): void => {
    if (this.corners.length < LEAST) return;
    this.end(this.corners.map((corner) => positionOf(corner)));
  };

  private show(): void {
    const { corners } = this;
    this.group.clearLayers();
    const style = { className: "drawn-area", interactive: false };
    this.group.addLayer(L.polygon(corners, style));
    for (const corner of corners) {
      const icon = L.divIcon({ className: "drawn-corner", iconSize: [12, 12] });
      this.group.addLayer(L.marker(corner, { icon, interactive: false, keyboard: false }));
    }
    this.said.textContent = ngettext("{n} corner", "{n} corners", corners.length);
    this.done.disabled = corners.length < LEAST;
    this.back.disabled = corners.length === 0;
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const onButton = (event.target as HTMLElement).closest("button, input, select") !== null;
    const acts: Record<string, () => void> = {
      Enter: () => this.add(this.map.getCenter()),
      Backspace: () => this.takeBack(),
      Escape: () => this.end(null),
    };
    const act = acts[event.key];
    if (!act || (onButton && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
}

/** 5 decimals are a metre, as a hand draws. */
function positionOf(at: LatLng): Position {
  const { lng, lat } = L.latLng(at).wrap();
  return [Math.round(lng * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];
}
