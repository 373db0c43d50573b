/** A small map with the true place as a ring and the public's as a pin that can be dragged. */

import type { Geometry } from "geojson";
import { markPosition } from "../core/geometry.ts";
import { t } from "../core/language.ts";
import { el } from "../dom/element.ts";
import { addBasemap } from "./basemap.ts";
import { L, type LatLng, type LeafletMap, type Marker } from "./leaflet.ts";

const ZOOM = 15;
/** For each press of an arrow. */
const STEP_PX = 8;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP_PX, 0],
  ArrowRight: [STEP_PX, 0],
  ArrowUp: [0, -STEP_PX],
  ArrowDown: [0, STEP_PX],
};

export class PublicPlaceMap {
  readonly box = el("div", { class: "public-place-map", "aria-label": t("Place for the public") });
  private readonly ours: Geometry | null;
  private readonly moved: (at: [number, number]) => void;
  private map: LeafletMap | null = null;
  private marker: Marker | null = null;

  constructor(ours: Geometry | null, moved: (at: [number, number]) => void) {
    this.ours = ours;
    this.moved = moved;
  }

  /** `[lon, lat]` of the pin, where there is one. */
  get pin(): [number, number] | null {
    const at = this.marker?.getLatLng();
    return at ? degrees(at) : null;
  }

  open(): void {
    const at = markPosition(this.ours);
    const [lng, lat] = at ?? [0, 0];
    const map = L.map(this.box, { scrollWheelZoom: false, zoomAnimation: false });
    map.setView([lat ?? 0, lng ?? 0], at ? ZOOM : 5);
    this.map = map;
    map.attributionControl.setPrefix(false);
    addBasemap(map);
    if (this.ours) L.geoJSON(this.ours, { pointToLayer: ring, style: TRUE_PLACE }).addTo(map);
    map.on("click", ({ latlng }) => this.moved(degrees(latlng)));
  }

  show(shown: Geometry | null): void {
    const at = markPosition(shown);
    if (!this.map) return;
    if (!at) {
      this.marker?.remove();
      this.marker = null;
      return;
    }
    const place: [number, number] = [at[1] ?? 0, at[0] ?? 0];
    if (this.marker) this.marker.setLatLng(place);
    else this.marker = this.makePin(place, this.map);
    if (!this.map.getBounds().contains(place)) this.map.setView(place, this.map.getZoom());
  }

  private makePin(at: [number, number], map: LeafletMap): Marker {
    const icon = L.divIcon({ className: "public-pin", iconSize: [28, 28] });
    const title = t("Shown here. Arrow keys move it.");
    const made = L.marker(at, { icon, draggable: true, title, alt: title }).addTo(map);
    made.on("dragend", () => this.moved(degrees(made.getLatLng())));
    made.getElement()?.addEventListener("keydown", (event) => this.key(event, made, map));
    return made;
  }

  private key(event: KeyboardEvent, pin: Marker, map: LeafletMap): void {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    // the map itself would move under it
    event.stopPropagation();
    const at = map.latLngToContainerPoint(pin.getLatLng()).add(L.point(arrow[0], arrow[1]));
    pin.setLatLng(map.containerPointToLatLng(at));
    this.moved(degrees(pin.getLatLng()));
  }
}

const TRUE_PLACE = { className: "true-place", interactive: false };

function ring(_: unknown, at: LatLng) {
  return L.circleMarker(at, { ...TRUE_PLACE, radius: 9 });
}

// 7 decimals are a centimetre; more would pretend
function degrees({ lng, lat }: LatLng): [number, number] {
  return [Math.round(lng * 1e7) / 1e7, Math.round(lat * 1e7) / 1e7];
}
