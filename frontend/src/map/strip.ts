/** The thin strip below the map: coordinates under the pointer, scale, attribution. */

import { L, type LeafletMap } from "./leaflet.ts";

export function setUpStrip(
  map: LeafletMap,
  coordinates: HTMLElement,
  furniture: HTMLElement,
): void {
  const show = (at: { lat: number; lng: number }) => {
    coordinates.textContent = `${at.lat.toFixed(5)}, ${at.lng.toFixed(5)}  z${map.getZoom()}`;
  };
  map.on("mousemove", (event) => show(event.latlng));
  map.on("moveend", () => show(map.getCenter()));
  show(map.getCenter());
  // Leaflet's own controls, only standing where they cover nothing
  const scale = L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
  for (const control of [scale, map.attributionControl]) {
    const box = control.getContainer();
    if (box) furniture.append(box);
  }
}
