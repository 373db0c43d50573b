/** Where django-leaflet hands over its map: `{% leaflet_map "map" callback="gspace.start" %}`. */

import { t } from "../core/language.ts";
import type { LeafletMap } from "./leaflet.ts";

declare global {
  interface Window {
    gspace?: { readonly start: (map: LeafletMap) => void };
  }
}

/** Calls back once with the map that django-leaflet has made. */
export function onMap(callback: (map: LeafletMap) => void): void {
  window.gspace = {
    start: (map) => {
      sayZoom(map);
      callback(map);
    },
  };
}

/** Leaflet's buttons speak English. To be called again where the page's words come after the map. */
export function sayZoom(map: LeafletMap): void {
  const words = [t("Zoom in"), t("Zoom out")];
  // a control that is moved makes its buttons anew
  Object.assign(map.zoomControl.options, { zoomInTitle: words[0], zoomOutTitle: words[1] });
  const buttons = map.zoomControl.getContainer()?.querySelectorAll("a") ?? [];
  for (const [at, button] of [...buttons].entries()) {
    button.title = words[at] ?? "";
    button.setAttribute("aria-label", button.title);
  }
}
