/** One click on the map gives a place. Esc gives none. */

import { L, type LatLng, type LeafletMap } from "./leaflet.ts";

/** `[lon, lat]` in degrees, or null when cancelled. */
export function pickPlace(map: LeafletMap): Promise<[number, number] | null> {
  const box = map.getContainer();
  box.classList.add("picking");
  return new Promise((resolve) => {
    const end = (place: [number, number] | null) => {
      box.classList.remove("picking");
      map.off("click", click);
      document.removeEventListener("keydown", key, true);
      resolve(place);
    };
    const click = ({ latlng }: { latlng: LatLng }) => {
      const { lng, lat } = L.latLng(latlng).wrap();
      end([round(lng), round(lat)]);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      end(null);
    };
    map.on("click", click);
    document.addEventListener("keydown", key, true);
  });
}

// 7 decimals are a centimetre; more would pretend.
function round(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}
