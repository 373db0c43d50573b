/** What was looked for, marked on the map until something else is. */

import type { Located } from "../core/coordinates.ts";
import { L, type LayerGroup, type LeafletMap } from "./leaflet.ts";
import { goTo } from "./view.ts";

export class FoundMark {
  private readonly map: LeafletMap;
  private readonly group: LayerGroup;

  constructor(map: LeafletMap) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
  }

  clear(): void {
    this.group.clearLayers();
  }

  /** Rings the place, or outlines its grid square, and goes there: somebody asked for it. */
  show({ at, box }: Pick<Located, "at" | "box">, title: string): void {
    this.clear();
    const [lng, lat] = at;
    const icon = L.divIcon({ className: "pointed found-mark", iconSize: [44, 44] });
    this.group.addLayer(L.marker([lat, lng], { icon, title, alt: title, keyboard: false }));
    if (box) {
      const [west, south, east, north] = box;
      const style = { className: "found-square", interactive: false };
      this.group.addLayer(L.rectangle(L.latLngBounds([south, west], [north, east]), style));
      this.map.fitBounds(L.latLngBounds([south, west], [north, east]), { animate: false });
    } else goTo(this.map, { type: "Point", coordinates: [lng, lat] });
  }
}
