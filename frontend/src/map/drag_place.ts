/** A mark that is dragged to where the report belongs, its old place still to be seen. */

import type { Position } from "geojson";
import { L, type LayerGroup, type LeafletMap, type Marker } from "./leaflet.ts";

const STEP_PX = 10;
const FINE_PX = 1;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class DragPlace {
  private readonly map: LeafletMap;
  private readonly group: LayerGroup;
  private readonly mark: Marker;
  private readonly from: Position;
  private readonly line;
  private readonly moved: (to: Position) => void;

  constructor(map: LeafletMap, from: Position, title: string, moved: (to: Position) => void) {
    const [lng = 0, lat = 0] = from;
    this.map = map;
    this.from = from;
    this.moved = moved;
    const old = L.divIcon({ className: "old-place", iconSize: [26, 26] });
    const icon = L.divIcon({ className: "drag-place", iconSize: [34, 34] });
    this.line = L.polyline([], { className: "move-line", interactive: false });
    this.mark = L.marker([lat, lng], {
      icon,
      title,
      alt: title,
      draggable: true,
      zIndexOffset: 2e4,
    });
    const still = L.marker([lat, lng], { icon: old, interactive: false, keyboard: false });
    this.group = L.layerGroup([this.line, still, this.mark]).addTo(map);
    this.mark.on("drag", () => this.tell());
    this.mark.getElement()?.addEventListener("keydown", (event) => this.key(event));
    if (!map.getBounds().contains([lat, lng])) map.panTo([lat, lng], { animate: false });
    this.focus();
  }

  focus(): void {
    this.mark.getElement()?.focus({ preventScroll: true });
  }

  remove(): void {
    this.group.remove();
  }

  private key(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    event.stopPropagation();
    const px = event.shiftKey ? FINE_PX : STEP_PX;
    const at = this.map.latLngToContainerPoint(this.mark.getLatLng());
    const next = this.map.containerPointToLatLng([at.x + arrow[0] * px, at.y + arrow[1] * px]);
    this.mark.setLatLng(next);
    if (!this.map.getBounds().contains(next)) this.map.panTo(next, { animate: false });
    this.tell();
  }

  private tell(): void {
    const { lng, lat } = L.latLng(this.mark.getLatLng()).wrap();
    const [lon = 0, fromLat = 0] = this.from;
    this.line.setLatLngs([L.latLng(fromLat, lon), this.mark.getLatLng()]);
    this.moved([lng, lat]);
  }
}
