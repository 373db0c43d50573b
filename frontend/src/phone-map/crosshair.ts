/** One place, by moving the map under a fixed crosshair: nothing under the thumb is hidden by it. */

import { svg } from "../dom/element.ts";
import type { Crosshair, CrosshairOptions, LonLat } from "../phone/place/map_bundle.ts";
import { drawHere, makeMap } from "./make_map.ts";

export function crosshair(element: HTMLElement, options: CrosshairOptions): Crosshair {
  const { centre, zoom, fix, accuracy_m } = options;
  const map = makeMap(element, { centre, zoom });
  if (fix) drawHere([fix.lon, fix.lat], accuracy_m).addTo(map);
  const cross = drawCross();
  element.append(cross);
  return {
    position: () => {
      const { lng, lat } = map.getCenter().wrap();
      return [rounded(lng), rounded(lat)] as LonLat;
    },
    stop: () => {
      map.remove();
      cross.remove();
    },
  };
}

function drawCross(): SVGElement {
  const lines = "M24 2v16M24 30v16M2 24h16M30 24h16";
  return svg(
    "svg",
    { class: "crosshair", viewBox: "0 0 48 48", "aria-hidden": "true" },
    svg("path", { class: "crosshair__halo", d: lines }),
    svg("path", { class: "crosshair__line", d: lines }),
    svg("circle", { class: "crosshair__point", cx: 24, cy: 24, r: 2 }),
  );
}

// 7 decimals are a centimetre; more would pretend
function rounded(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}
