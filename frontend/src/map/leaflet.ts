/** All use of Leaflet goes through here: the one copy that django-leaflet serves. */

import type * as Leaflet from "leaflet";

declare global {
  interface Window {
    readonly L: typeof Leaflet;
  }
}

export const L = window.L;
export type {
  CircleMarker,
  LatLng,
  LatLngBounds,
  LatLngExpression,
  Layer,
  LayerGroup,
  Map as LeafletMap,
  Marker,
  Path,
  PathOptions,
  PolylineOptions,
} from "leaflet";
