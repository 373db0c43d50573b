/** Who has a report open, beside its mark on the map. */

import { markPosition } from "../core/geometry.ts";
import type { Report } from "../core/report.ts";
import { el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import { L, type LayerGroup, type LeafletMap } from "./leaflet.ts";

export interface Claimed {
  readonly report: Report;
  readonly names: readonly string[];
}

export class ClaimMarks {
  private readonly group: LayerGroup;

  constructor(map: LeafletMap) {
    this.group = L.layerGroup().addTo(map);
  }

  show(claimed: readonly Claimed[]): void {
    this.group.clearLayers();
    for (const one of claimed) this.draw(one);
  }

  private draw({ report, names }: Claimed): void {
    const at = markPosition(report.geometry);
    if (!at) return;
    const html = el("span", { class: "claim-name" }, icon("ui_eye"), names.join(", "));
    const look = L.divIcon({ html, className: "claim-place", iconSize: [0, 0] });
    const options = { icon: look, interactive: false, keyboard: false, zIndexOffset: 9_000 };
    this.group.addLayer(L.marker([at[1] ?? 0, at[0] ?? 0], options));
  }
}
