/** The map's view as plain numbers, and the few ways in which we may move it. */

import type { Geometry } from "geojson";
import type { MapView } from "../core/desk_query.ts";
import { type Box, boxOf } from "../core/geometry.ts";
import { Observable } from "../core/observable.ts";
import { L, type LeafletMap } from "./leaflet.ts";

/** Close enough to read a street, far enough to know where it is. */
const CLOSE_UP_ZOOM = 16;

export function viewBox(map: LeafletMap): Box {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}

export function mapView(map: LeafletMap): MapView {
  const { lat, lng } = map.getCenter();
  return { zoom: map.getZoom(), lat, lon: lng };
}

export function setMapView(map: LeafletMap, { zoom, lat, lon }: MapView): void {
  map.setView([lat, lon], zoom, { animate: false });
}

export function watchView(map: LeafletMap): Observable<Box> {
  const view = new Observable(viewBox(map));
  map.on("moveend", () => view.set(viewBox(map)));
  return view;
}

/** Far out, official places shrink to squares without a drawing (map.css), to let reports stand. */
export function watchZoom(map: LeafletMap): void {
  const show = () => {
    const zoom = map.getZoom();
    const step = zoom < 12 ? "far" : zoom < 14 ? "mid" : "near";
    map.getContainer().dataset.zoom = step;
  };
  map.on("zoomend", show);
  show();
}

/** Only ever because the operator asked for it. */
export function goTo(map: LeafletMap, geometry: Geometry): void {
  const box = boxOf(geometry);
  if (!box) return;
  const bounds = L.latLngBounds([box[1], box[0]], [box[3], box[2]]);
  const zoom = Math.max(map.getZoom(), Math.min(CLOSE_UP_ZOOM, map.getBoundsZoom(bounds)));
  map.setView(bounds.getCenter(), zoom, { animate: false });
}
