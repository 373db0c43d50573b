/** An empty map with the basemap, as a phone wants it: big buttons, no animation in position. */

import { addBasemap } from "../map/basemap.ts";
import { L, type LeafletMap } from "../map/leaflet.ts";
import { watchZoom } from "../map/view.ts";
import type { LonLat } from "../phone/place/map_bundle.ts";

const JAPAN: LonLat = [137.5, 37];
const JAPAN_ZOOM = 5;
/** A dot, and how sure it is. */
const DOT_PX = 18;

export interface Start {
  readonly centre: LonLat | null;
  readonly zoom: number;
}

export function makeMap(element: HTMLElement, { centre, zoom }: Start): LeafletMap {
  const map = L.map(element, {
    zoomControl: false,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    maxZoom: 19,
    minZoom: 4,
  });
  const [lon, lat] = centre ?? JAPAN;
  map.setView([lat, lon], centre ? zoom : JAPAN_ZOOM, { animate: false });
  map.attributionControl.setPrefix(false);
  addBasemap(map);
  watchZoom(map);
  // the element gets its size after the screen is shown
  const sized = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  sized.observe(element);
  map.on("unload", () => sized.disconnect());
  return map;
}

/** Where the phone is; takes no taps. */
export function drawHere([lon, lat]: LonLat, accuracy_m: number | null): L.LayerGroup {
  const at = L.latLng(lat, lon);
  const icon = L.divIcon({ className: "here-dot", iconSize: [DOT_PX, DOT_PX] });
  const dot = L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: 5_000 });
  const circle = L.circle(at, {
    radius: accuracy_m ?? 0,
    className: "here-accuracy",
    interactive: false,
  });
  return L.layerGroup(accuracy_m ? [circle, dot] : [dot]);
}
