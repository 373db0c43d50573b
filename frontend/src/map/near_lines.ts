/** From where it was measured, and straight lines to what is near: numbered as in the list. */

import type { Position } from "geojson";
import { L, type LatLng, type LayerGroup, type LeafletMap } from "./leaflet.ts";

export class NearLines {
  private readonly group: LayerGroup;

  constructor(map: LeafletMap) {
    this.group = L.layerGroup().addTo(map);
  }

  clear(): void {
    this.group.clearLayers();
  }

  show(from: Position, to: readonly Position[]): void {
    this.clear();
    const here = latLng(from);
    to.forEach((place, at) => {
      const there = latLng(place);
      const look = { className: "near-line", interactive: false };
      this.group.addLayer(L.polyline([here, there], look));
      this.group.addLayer(label(there, String(at + 1), "near-number"));
    });
    this.group.addLayer(label(here, "＋", "near-here"));
  }
}

function label(at: LatLng, text: string, className: string) {
  const html = document.createElement("span");
  html.textContent = text;
  const icon = L.divIcon({ html, className, iconSize: [0, 0] });
  return L.marker(at, { icon, interactive: false, keyboard: false });
}

function latLng([lon = 0, lat = 0]: Position): LatLng {
  return L.latLng(lat, lon);
}
