/**
 * Corners set one after the other: by clicks, or by the keyboard under a cross in the middle.
 * Space sets a corner in the middle, Backspace takes the last one back, Enter or a double click
 * ends, Esc gives up.
 */

import type { Position } from "geojson";
import { L, type LatLng, type LayerGroup, type LeafletMap } from "./leaflet.ts";

/** One step of an arrow key (pixels); with Shift a fine one. */
const STEP_PX = 40;
const FINE_PX = 4;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface Drawn {
  readonly changed: (line: readonly Position[]) => void;
  /** null: given up. */
  readonly done: (line: readonly Position[] | null) => void;
}

export class LineDrawing {
  private readonly map: LeafletMap;
  private readonly hands: Drawn;
  private readonly group: LayerGroup;
  private readonly cross = document.createElement("div");
  private line: Position[] = [];

  constructor(map: LeafletMap, hands: Drawn, from: readonly Position[] = []) {
    this.map = map;
    this.hands = hands;
    this.group = L.layerGroup().addTo(map);
    this.line = [...from];
    this.cross.className = "map-cross";
    map.getContainer().append(this.cross);
    map.getContainer().classList.add("picking");
    map.doubleClickZoom.disable();
    map.on("click", this.click).on("dblclick", this.end);
    document.addEventListener("keydown", this.key, true);
    map.getContainer().focus({ preventScroll: true });
    this.draw();
  }

  /** Ends from outside; `keep`: with what there is. */
  stop(keep: boolean): void {
    this.map.off("click", this.click).off("dblclick", this.end);
    document.removeEventListener("keydown", this.key, true);
    this.map.getContainer().classList.remove("picking");
    this.map.doubleClickZoom.enable();
    this.cross.remove();
    this.group.remove();
    this.hands.done(keep ? this.line : null);
  }

  private readonly click = ({ latlng }: { latlng: LatLng }) => this.add(latlng);

  private readonly end = () => this.stop(true);

  private readonly key = (event: KeyboardEvent) => {
    // buttons and fields beside the map keep their keys
    const target = event.target as HTMLElement;
    const elsewhere = target.closest("input, textarea, select, button, a");
    const act = this.act(event);
    if (!act || (elsewhere && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  private act(event: KeyboardEvent): (() => void) | undefined {
    const arrow = ARROWS[event.key];
    if (arrow) {
      const px = event.shiftKey ? FINE_PX : STEP_PX;
      return () => this.map.panBy([arrow[0] * px, arrow[1] * px], { animate: false });
    }
    const acts: Record<string, () => void> = {
      " ": () => this.add(this.map.getCenter()),
      Backspace: () => this.takeBack(),
      Enter: () => this.stop(true),
      Escape: () => this.stop(false),
    };
    return acts[event.key];
  }

  private add(latlng: LatLng): void {
    const { lng, lat } = L.latLng(latlng).wrap();
    const last = this.line.at(-1);
    // the second click of a double one is no corner of its own
    if (last && last[0] === lng && last[1] === lat) return;
    this.line.push([lng, lat]);
    this.draw();
  }

  private takeBack(): void {
    this.line.pop();
    this.draw();
  }

  private draw(): void {
    this.group.clearLayers();
    const places = this.line.map(([lng = 0, lat = 0]) => L.latLng(lat, lng));
    this.group.addLayer(L.polyline(places, { className: "measure-line", interactive: false }));
    for (const place of places) {
      const look = { className: "measure-corner", radius: 4, interactive: false };
      this.group.addLayer(L.circleMarker(place, look));
    }
    this.hands.changed(this.line);
  }
}
