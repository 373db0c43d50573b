/** The point that is asked about, and the circle within which things count as near it. */

import type { Position } from "geojson";
import { L, type LayerGroup, type LeafletMap } from "./leaflet.ts";

export class HereMark {
  private readonly group: LayerGroup;

  constructor(map: LeafletMap) {
    this.group = L.layerGroup().addTo(map);
  }

  clear(): void {
    this.group.clearLayers();
  }

  show([lng = 0, lat = 0]: Position, radius: number): void {
    this.clear();
    const at = L.latLng(lat, lng);
    const icon = L.divIcon({ className: "here-mark", iconSize: [22, 22] });
    this.group.addLayer(L.circle(at, { radius, className: "here-circle", interactive: false }));
    this.group.addLayer(L.marker(at, { icon, interactive: false, keyboard: false }));
  }
}
