/** Where django-leaflet hands over its map: `{% leaflet_map "map" callback="gspace.start" %}`. */

import type { LeafletMap } from "./leaflet.ts";

declare global {
  interface Window {
    gspace?: { readonly start: (map: LeafletMap) => void };
  }
}

/** Calls back once with the map that django-leaflet has made. */
export function onMap(callback: (map: LeafletMap) => void): void {
  window.gspace = { start: callback };
}
