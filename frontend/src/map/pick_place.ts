/** One place on the map: a click, or Space for the one under the cross. Esc gives none. */

import { LineDrawing } from "./draw_line.ts";
import type { LeafletMap } from "./leaflet.ts";

/** `[lon, lat]` in degrees, or null when cancelled, or when nobody wants it any more. */
export function pickPlace(
  map: LeafletMap,
  unwanted?: AbortSignal,
): Promise<[number, number] | null> {
  return new Promise((resolve) => {
    const drawing = new LineDrawing(map, {
      changed: (line) => {
        const [lon, lat] = line[0] ?? [];
        if (lon === undefined || lat === undefined) return;
        resolve([round(lon), round(lat)]);
        drawing.stop(false);
      },
      done: () => resolve(null),
    });
    unwanted?.addEventListener("abort", () => drawing.stop(false));
  });
}

// 7 decimals are a centimetre; more would pretend.
function round(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}
