/**
 * Corners set one after the other: by clicks, or by the keyboard under a cross in the middle.
 * Space sets a corner in the middle, Backspace takes the last one back, Enter or a double click
 * ends, Esc gives up.
 */

import type { Position } from "geojson";
import { L, type LatLng, type Layer, type LayerGroup, type LeafletMap } from "./leaflet.ts";
import { begin, type Drawing, end, isBehindDialog } from "./one_drawing.ts";

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

/** What the corners make. */
export interface Shape {
  /** It does not end with fewer. */
  readonly least: number;
  readonly most: number;
  readonly drawn: (corners: LatLng[]) => Layer;
  /** What a corner set there is: another one, one more time the last, or the end. */
  readonly means: (at: LatLng, corners: readonly LatLng[]) => "next" | "same" | "end";
}

const LINE: Shape = {
  least: 0,
  most: Number.POSITIVE_INFINITY,
  drawn: (corners) => L.polyline(corners, { className: "measure-line", interactive: false }),
  // the second click of a double one is no corner of its own
  means: (at, corners) => (corners.at(-1)?.equals(at, 0) ? "same" : "next"),
};

export class LineDrawing implements Drawing {
  private readonly map: LeafletMap;
  private readonly hands: Drawn;
  private readonly shape: Shape;
  private readonly group: LayerGroup;
  private readonly cross = document.createElement("div");
  private line: Position[] = [];

  constructor(map: LeafletMap, hands: Drawn, from: readonly Position[] = [], shape: Shape = LINE) {
    begin(this);
    this.map = map;
    this.hands = hands;
    this.shape = shape;
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
    if (!end(this)) return;
    this.map.off("click", this.click).off("dblclick", this.end);
    document.removeEventListener("keydown", this.key, true);
    this.map.getContainer().classList.remove("picking");
    this.map.doubleClickZoom.enable();
    this.cross.remove();
    this.group.remove();
    this.hands.done(keep ? this.line : null);
  }

  giveUp(): void {
    this.stop(false);
  }

  private readonly click = ({ latlng }: { latlng: LatLng }) => this.add(latlng);

  /** With what there is, where that is enough. */
  readonly end = (): void => {
    if (this.line.length >= this.shape.least) this.stop(true);
  };

  private readonly key = (event: KeyboardEvent) => {
    if (isBehindDialog()) return;
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
      " ": () => this.addMiddle(),
      Backspace: () => this.takeBack(),
      Enter: () => this.end(),
      Escape: () => this.stop(false),
    };
    return acts[event.key];
  }

  addMiddle(): void {
    this.add(this.map.getCenter());
  }

  takeBack(): void {
    this.line.pop();
    this.draw();
  }

  private add(latlng: LatLng): void {
    const at = L.latLng(latlng).wrap();
    const means = this.shape.means(at, this.corners);
    if (means === "end") this.end();
    if (means !== "next" || this.line.length >= this.shape.most) return;
    this.line.push([at.lng, at.lat]);
    this.draw();
  }

  private get corners(): LatLng[] {
    return this.line.map(([lng = 0, lat = 0]) => L.latLng(lat, lng));
  }

  private draw(): void {
    const { corners } = this;
    this.group.clearLayers();
    this.group.addLayer(this.shape.drawn(corners));
    for (const corner of corners) {
      const look = { className: "measure-corner", radius: 4, interactive: false };
      this.group.addLayer(L.circleMarker(corner, look));
    }
    this.hands.changed(this.line);
  }
}
