/** One place pointed out on the map: found by words or by distance, its layer drawn or not. */

import { markPosition } from "../core/geometry.ts";
import type { LayerFeature } from "../core/layer.ts";
import { L, type LayerGroup, type LeafletMap } from "./leaflet.ts";
import { goTo } from "./view.ts";

export class Pointed {
  private readonly map: LeafletMap;
  private readonly group: LayerGroup;

  constructor(map: LeafletMap) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
  }

  clear(): void {
    this.group.clearLayers();
  }

  /** Rings it, and brings it into view where it is not in view already. */
  show({ geometry }: LayerFeature): void {
    this.clear();
    const at = markPosition(geometry);
    if (!at || !geometry) return;
    const place = L.latLng(at[1] ?? 0, at[0] ?? 0);
    const icon = L.divIcon({ className: "pointed", iconSize: [44, 44] });
    this.group.addLayer(L.marker(place, { icon, interactive: false, keyboard: false }));
    if (!this.map.getBounds().contains(place)) goTo(this.map, geometry);
  }
}
