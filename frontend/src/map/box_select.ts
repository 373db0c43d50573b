/** A box drawn on the map, by mouse, pen or finger. Esc gives none. */

import type { Box } from "../core/geometry.ts";
import { L, type LeafletMap } from "./leaflet.ts";
import { begin, type Drawing, end, isBehindDialog } from "./one_drawing.ts";

export function drawBox(map: LeafletMap): Promise<Box | null> {
  return new Promise((resolve) => new BoxDrawing(map, resolve));
}

class BoxDrawing implements Drawing {
  private readonly map: LeafletMap;
  private readonly done: (box: Box | null) => void;
  private readonly off = new AbortController();
  private readonly outline = L.rectangle([[0, 0], [0, 0]], { className: "choosing-box" }); // biome-ignore format: corners
  private from: L.LatLng | null = null;

  constructor(map: LeafletMap, done: (box: Box | null) => void) {
    begin(this);
    this.map = map;
    this.done = done;
    const box = map.getContainer();
    box.classList.add("choosing");
    map.dragging.disable();
    const listen = (name: string, act: (event: PointerEvent) => void) =>
      box.addEventListener(name, act as EventListener, { capture: true, signal: this.off.signal });
    listen("pointerdown", (event) => this.begin(event));
    listen("pointermove", (event) => this.grow(event));
    listen("pointerup", (event) => this.end(event));
    listen("pointercancel", () => this.finish(null));
    const keys = { capture: true, signal: this.off.signal };
    document.addEventListener("keydown", (event) => this.key(event), keys);
  }

  private begin(event: PointerEvent): void {
    if ((event.target as Element).closest(".leaflet-control")) return;
    event.stopPropagation();
    this.from = this.at(event);
    this.outline.setBounds(L.latLngBounds(this.from, this.from)).addTo(this.map);
  }

  private grow(event: PointerEvent): void {
    if (this.from) this.outline.setBounds(L.latLngBounds(this.from, this.at(event)));
  }

  private end(event: PointerEvent): void {
    if (!this.from) return;
    event.stopPropagation();
    const bounds = L.latLngBounds(this.from, this.at(event));
    // the click that follows would open whatever lies under it
    const catchClick = (click: Event) => click.stopPropagation();
    const box = this.map.getContainer();
    box.addEventListener("click", catchClick, { capture: true, once: true });
    setTimeout(() => box.removeEventListener("click", catchClick, { capture: true }), 50);
    this.finish([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]);
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || isBehindDialog()) return;
    event.stopPropagation();
    this.finish(null);
  }

  giveUp(): void {
    this.finish(null);
  }

  private finish(box: Box | null): void {
    if (!end(this)) return;
    this.off.abort();
    this.outline.remove();
    this.map.dragging.enable();
    this.map.getContainer().classList.remove("choosing");
    this.done(box);
  }

  private at(event: PointerEvent): L.LatLng {
    return this.map.mouseEventToLatLng(event);
  }
}
