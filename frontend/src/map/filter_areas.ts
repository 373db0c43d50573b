/** The outlines to which the reports are narrowed down. */

import type { Filter } from "../core/filter.ts";
import { meshCell } from "../core/mesh.ts";
import { L, type LayerGroup, type LeafletMap } from "./leaflet.ts";

const STYLE = { className: "filter-area", interactive: false };

export class FilterAreas {
  private readonly group: LayerGroup;

  constructor(map: LeafletMap) {
    this.group = L.layerGroup().addTo(map);
  }

  show({ within, mesh }: Filter): void {
    this.group.clearLayers();
    if (within) {
      const corners = within.map(([lng = 0, lat = 0]) => L.latLng(lat, lng));
      this.group.addLayer(L.polygon(corners, STYLE));
    }
    for (const code of mesh) {
      const box = meshCell(code);
      if (!box) continue;
      const [west, south, east, north] = box;
      this.group.addLayer(L.rectangle(L.latLngBounds([south, west], [north, east]), STYLE));
    }
  }
}
