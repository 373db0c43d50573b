/** Measuring on the map: how far along a line, and what it encloses. */

import type { Position } from "geojson";
import { number, t } from "../core/language.ts";
import { areaM2, lengthM } from "../core/measured.ts";
import { copyText } from "../dom/copy.ts";
import { button, el } from "../dom/element.ts";
import { LineDrawing } from "../map/draw_line.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { ToldShape } from "../map/told_shape.ts";
import { length } from "./place_lines.ts";

export class Measure {
  private readonly map: LeafletMap;
  private readonly shape: ToldShape;
  private readonly words = el("p", { class: "measure-words", role: "status" });
  private readonly keys = el("p", { class: "quiet" });
  private readonly box = el("aside", { id: "measure", class: "measure", hidden: true });
  private drawing: LineDrawing | null = null;

  constructor(map: LeafletMap) {
    this.map = map;
    this.shape = new ToldShape(map);
    this.box.setAttribute("aria-label", t("Measure"));
    this.box.append(
      this.words,
      this.keys,
      el(
        "p",
        { class: "buttons" },
        button(t("Copy"), () => void copyText(this.words.textContent ?? ""), {
          id: "measure-copy",
        }),
        button(t("Close"), () => this.close(), { id: "measure-close" }),
      ),
    );
    map.getContainer().parentElement?.append(this.box);
  }

  start(from: Position | null = null): void {
    this.close();
    this.box.hidden = false;
    this.keys.textContent = t(
      "Click, or Space for the middle of the map. Backspace: one back. Enter: end. Esc: close.",
    );
    const changed = (line: readonly Position[]) => this.tell(line);
    const done = (line: readonly Position[] | null) => this.ended(line);
    this.drawing = new LineDrawing(this.map, { changed, done }, from ? [from] : []);
  }

  close(): void {
    const { drawing } = this;
    this.drawing = null;
    drawing?.stop(false);
    this.shape.show(null);
    this.box.hidden = true;
  }

  private tell(line: readonly Position[]): void {
    this.words.textContent = measuredWords(line);
  }

  private ended(line: readonly Position[] | null): void {
    this.drawing = null;
    if (!line || line.length < 2) {
      this.close();
      return;
    }
    this.keys.textContent = "";
    this.shape.show({ type: "LineString", coordinates: [...line] });
    document.getElementById("measure-close")?.focus();
  }
}

/** 1.2 km · encloses 3.4 ha */
export function measuredWords(line: readonly Position[]): string {
  if (line.length < 2) return t("Set the next point.");
  const distance = length(lengthM(line));
  if (line.length < 3) return distance;
  return t("{distance} · encloses {area}", { distance, area: areaWords(areaM2(line)) });
}

function areaWords(m2: number): string {
  if (m2 < 10_000) return t("{n} m²", { n: number(Math.round(m2)) });
  if (m2 < 1_000_000) return t("{n} ha", { n: number(m2 / 10_000, 1) });
  return t("{n} km²", { n: number(m2 / 1_000_000, 2) });
}
