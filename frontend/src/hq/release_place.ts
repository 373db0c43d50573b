/** How roughly the public is told the place: as it is, its cell, where a hand puts it, in words. */

import type { Geometry, Point } from "geojson";
import { markPosition } from "../core/geometry.ts";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { el } from "../dom/element.ts";
import { PublicPlaceMap } from "../map/public_place.ts";

export type PlaceChoice = "exact" | "rounded" | "drawn" | "municipality";

export interface PublicPlace {
  readonly public_place: "" | "rounded" | "municipality";
  readonly redacted_geometry: Geometry | null;
}

export class ReleasePlace {
  readonly box: HTMLElement;
  private readonly changed: () => void;
  private readonly map: PublicPlaceMap;
  private readonly radios: Readonly<Record<PlaceChoice, HTMLInputElement>>;
  private choice: PlaceChoice;
  private drawn: Geometry | null;
  private home: boolean;

  constructor(report: Report, before: PublicPlace, home: boolean, changed: () => void) {
    const { redacted_geometry, public_place } = before;
    this.drawn = redacted_geometry;
    this.choice = public_place || (redacted_geometry ? "drawn" : "exact");
    this.home = home;
    this.changed = changed;
    this.radios = { exact: radio(), rounded: radio(), drawn: radio(), municipality: radio() };
    this.map = new PublicPlaceMap(report.geometry, (at) => this.put(at));
    this.box = el(
      "fieldset",
      { class: "release-place" },
      el("legend", {}, t("Place for the public")),
      ...this.lines(report),
      this.map.box,
    );
    this.say();
  }

  get value(): PublicPlace {
    const { choice } = this;
    const rough = choice === "rounded" || choice === "municipality" ? choice : "";
    return { public_place: rough, redacted_geometry: choice === "drawn" ? this.drawn : null };
  }

  setHome(home: boolean): void {
    this.home = home;
    this.say();
  }

  /** The dialog is open: a map needs to know its size. */
  open(): void {
    this.map.open();
  }

  /** What the server says the public gets. */
  show(shown: Geometry | null): void {
    this.map.show(shown);
  }

  private lines({ geometry }: Report): HTMLElement[] {
    const words: Readonly<Record<PlaceChoice, string>> = {
      exact: t("Exactly where it is"),
      rounded: t("Roughly: the centre of a 500 m cell"),
      drawn: t("Where I put it: drag the pin, or use its arrow keys"),
      municipality: t("Only the municipality, in words; no mark on the map"),
    };
    const all = Object.keys(this.radios) as PlaceChoice[];
    return all.map((choice) => {
      const input = this.radios[choice];
      input.id = `place-${choice}`;
      input.addEventListener("change", () => this.choose(choice, geometry));
      return el("label", { class: "switch" }, input, words[choice]);
    });
  }

  private choose(choice: PlaceChoice, ours: Geometry | null): void {
    this.choice = choice;
    const from = this.map.pin ?? markPosition(ours);
    if (choice === "drawn" && !this.drawn && from) this.drawn = point([from[0] ?? 0, from[1] ?? 0]);
    this.say();
    this.changed();
  }

  private put(at: readonly [number, number]): void {
    this.choice = "drawn";
    this.drawn = point(at);
    this.say();
    this.changed();
  }

  private say(): void {
    // the database rounds a home whatever is said here
    const shown = this.home && this.choice === "exact" ? "rounded" : this.choice;
    this.radios[shown].checked = true;
    this.radios.exact.disabled = this.home;
  }
}

function radio(): HTMLInputElement {
  return el("input", { type: "radio", name: "public-place" });
}

function point([lon, lat]: readonly [number, number]): Point {
  return { type: "Point", coordinates: [lon, lat] };
}
