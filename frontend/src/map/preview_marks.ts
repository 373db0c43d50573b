/** Places that are not public yet: quiet dots; those with a finding carry its sign. */

import type { Position } from "geojson";
import { bulkOf } from "../core/bulk.ts";
import { boxOf, markPosition } from "../core/geometry.ts";
import type { LayerFeature, LayerProperties } from "../core/layer.ts";
import { icon } from "../dom/icon.ts";
import { L, type LatLng, type Layer, type LeafletMap, type Marker } from "./leaflet.ts";

export interface PreviewFeature extends LayerFeature {
  readonly properties: LayerProperties & {
    /** Where the person's file has it; null where a hand made it. */
    readonly row?: number | null;
  };
}

export type Level = "refused" | "doubted" | "repaired";

export interface PreviewHandlers {
  readonly pick: (feature: PreviewFeature) => void;
  readonly words: (feature: PreviewFeature) => HTMLElement;
}

const SIGNS: Readonly<Record<Level, string>> = {
  refused: "ui_close",
  doubted: "ui_alert",
  repaired: "ui_check",
};
const CLOSE_ZOOM = 15;

export class PreviewMarks {
  /** How many were given; how many of them have a place is `shown`. */
  seen = 0;
  private readonly places: Position[] = [];
  private readonly map: LeafletMap;
  private readonly levels: ReadonlyMap<number, Level>;
  private readonly handlers: PreviewHandlers;
  private readonly known = new Set<string>();
  private readonly byRow = new Map<number, PreviewFeature>();
  private readonly signs = new Map<number, Marker>();
  // one drawing for all: 20,000 elements would not move
  private readonly canvas = L.canvas({ padding: 0.3 });
  private chosen: HTMLElement | undefined;

  constructor(map: LeafletMap, levels: ReadonlyMap<number, Level>, handlers: PreviewHandlers) {
    this.map = map;
    this.levels = levels;
    this.handlers = handlers;
  }

  /** Shows where most of the places lie; how many are far off. */
  fit(): number {
    const bulk = bulkOf(this.places);
    if (!bulk) return 0;
    const [west, south, east, north] = bulk.box;
    const bounds = L.latLngBounds([south, west], [north, east]);
    this.map.fitBounds(bounds, { maxZoom: CLOSE_ZOOM, animate: false, padding: [24, 24] });
    return bulk.far;
  }

  add(features: readonly PreviewFeature[]): void {
    for (const feature of features) {
      if (this.known.has(String(feature.id))) continue;
      this.known.add(String(feature.id));
      this.seen += 1;
      const at = markPosition(feature.geometry);
      if (!at) continue;
      this.places.push(at);
      const { row } = feature.properties;
      if (row) this.byRow.set(row, feature);
      const place = L.latLng(at[1] ?? 0, at[0] ?? 0);
      for (const layer of this.layersOf(feature, place))
        layer.on("click", () => this.open(feature, place)).addTo(this.map);
    }
  }

  get shown(): number {
    return this.places.length;
  }

  has(row: number): boolean {
    return this.byRow.has(row);
  }

  goTo(row: number): void {
    const feature = this.byRow.get(row);
    const box = feature && boxOf(feature.geometry);
    if (!feature || !box) return;
    const bounds = L.latLngBounds([box[1], box[0]], [box[3], box[2]]);
    const zoom = Math.max(this.map.getZoom(), CLOSE_ZOOM);
    this.map.setView(bounds.getCenter(), zoom, { animate: false });
    this.show(feature, bounds.getCenter());
  }

  private open(feature: PreviewFeature, place: LatLng): void {
    this.show(feature, place);
    this.handlers.pick(feature);
  }

  private show(feature: PreviewFeature, place: LatLng): void {
    this.chosen?.classList.remove("is-chosen");
    this.chosen = this.signs.get(feature.properties.row ?? -1)?.getElement();
    this.chosen?.classList.add("is-chosen");
    L.popup().setLatLng(place).setContent(this.handlers.words(feature)).openOn(this.map);
  }

  private layersOf(feature: PreviewFeature, place: LatLng): Layer[] {
    const { geometry } = feature;
    const level = this.levels.get(feature.properties.row ?? -1);
    const shape =
      geometry && geometry.type !== "Point"
        ? L.geoJSON(geometry, {
            style: { ...this.ink(), renderer: this.canvas, weight: 3, fillOpacity: 0.15 },
            pointToLayer: (_, at) => this.dot(at),
          })
        : this.dot(place, feature.properties.estimated === true);
    return level ? [shape, this.sign(level, feature, place)] : [shape];
  }

  /** rough: placed by the address only; dashed, as everywhere. */
  private dot(place: LatLng, rough = false): Layer {
    const { color } = this.ink();
    if (rough) {
      const look = { weight: 3, dashArray: "4 4", color, fillColor: token("--halo") };
      return L.circleMarker(place, { renderer: this.canvas, radius: 8, fillOpacity: 0.7, ...look });
    }
    return L.circleMarker(place, {
      renderer: this.canvas,
      radius: 6,
      weight: 2,
      color: token("--halo"),
      fillColor: color,
      fillOpacity: 1,
    });
  }

  private ink(): { color: string } {
    return { color: token("--accent") };
  }

  private sign(level: Level, feature: PreviewFeature, place: LatLng): Marker {
    const html = document.createElement("span");
    html.append(icon(SIGNS[level]));
    const made = L.marker(place, {
      keyboard: false,
      icon: L.divIcon({ html, className: `row-mark row-mark--${level}`, iconSize: [0, 0] }),
    });
    if (feature.properties.row) this.signs.set(feature.properties.row, made);
    return made;
  }
}

/** A canvas knows no classes: the token's colour as it is in this theme. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
