/** An outline drawn on the map: a line that is closed, with a bar of what its keys do. */

import type { Position } from "geojson";
import { MOST_CORNERS } from "../core/desk_query.ts";
import { ngettext, t } from "../core/language.ts";
import { button, el } from "../dom/element.ts";
import { LineDrawing, type Shape } from "./draw_line.ts";
import { L, type LatLng, type LeafletMap } from "./leaflet.ts";

/** A hand is no surer (px). */
const NEAR_PX = 14;
const LEAST = 3;

/** Corners as lon/lat degrees, not closed; null when cancelled. */
export function drawArea(map: LeafletMap): Promise<Position[] | null> {
  return new Promise((resolve) => {
    const bar = new Bar(map, () => drawing);
    const changed = (line: readonly Position[]) => bar.show(line.length);
    const done = (line: readonly Position[] | null) => {
      bar.box.remove();
      resolve(line?.map(rounded) ?? null);
    };
    const drawing: LineDrawing = new LineDrawing(map, { changed, done }, [], outline(map));
  });
}

function outline(map: LeafletMap): Shape {
  const isNear = (a: LatLng | undefined, b: LatLng) =>
    a !== undefined &&
    map.latLngToContainerPoint(a).distanceTo(map.latLngToContainerPoint(b)) <= NEAR_PX;
  return {
    least: LEAST,
    most: MOST_CORNERS,
    drawn: (corners) => L.polygon(corners, { className: "drawn-area", interactive: false }),
    means: (at, corners) => {
      if (isNear(corners.at(-1), at)) return "same";
      return isNear(corners[0], at) ? "end" : "next";
    },
  };
}

class Bar {
  readonly box: HTMLElement;
  private readonly said = el("span", { role: "status" });
  private readonly done: HTMLButtonElement;
  private readonly back: HTMLButtonElement;

  constructor(map: LeafletMap, drawing: () => LineDrawing) {
    this.done = button(t("Done"), () => drawing().end(), { class: "primary" });
    this.back = button(t("Remove the last corner"), () => drawing().takeBack());
    const words = t(
      "Click corners on the map, or Space for the middle of the map. Backspace: one back. Enter: end. Esc: cancel.",
    );
    this.box = el(
      "div",
      { class: "draw-bar", role: "toolbar", "aria-label": t("Draw an area") },
      el("p", {}, words, " ", this.said),
      el(
        "div",
        { class: "buttons" },
        button(t("Corner in the middle"), () => drawing().addMiddle()),
        this.back,
        this.done,
        button(t("Cancel"), () => drawing().stop(false)),
      ),
    );
    L.DomEvent.disableClickPropagation(this.box);
    map.getContainer().append(this.box);
  }

  show(corners: number): void {
    this.said.textContent = ngettext("{n} corner", "{n} corners", corners);
    this.done.disabled = corners < LEAST;
    this.back.disabled = corners === 0;
  }
}

/** 5 decimals are a metre, as a hand draws. */
function rounded([lon = 0, lat = 0]: Position): Position {
  return [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];
}
