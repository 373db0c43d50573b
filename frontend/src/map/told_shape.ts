/** A place that is being told, before it is sent: an area, a line or a point. */

import type { Geometry } from "geojson";
import { L, type LayerGroup, type LeafletMap } from "./leaflet.ts";
import { goTo } from "./view.ts";

export class ToldShape {
  private readonly map: LeafletMap;
  private readonly group: LayerGroup;

  constructor(map: LeafletMap) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
  }

  show(geometry: Geometry | null): void {
    this.group.clearLayers();
    if (!geometry) return;
    const layer = L.geoJSON(geometry, {
      interactive: false,
      style: { className: "told-shape", weight: 4, fillOpacity: 0.2 },
      pointToLayer: (_, at) => L.circleMarker(at, { className: "told-shape", radius: 8 }),
    });
    this.group.addLayer(layer);
  }

  /** Only ever because somebody chose this place. */
  goTo(geometry: Geometry): void {
    goTo(this.map, geometry);
  }
}
