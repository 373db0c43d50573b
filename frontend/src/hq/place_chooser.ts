/** Where something is, as it was told: found by words, clicked, drawn along a road, or not known. */

import type { Position } from "geojson";
import { t } from "../core/language.ts";
import { lengthM } from "../core/measured.ts";
import { asSureAs, linePlace, NO_PLACE, pointPlace, type ToldPlace } from "../core/told_place.ts";
import { button, byId, el } from "../dom/element.ts";
import { LineDrawing } from "../map/draw_line.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { isDrawing } from "../map/one_drawing.ts";
import { pickPlace } from "../map/pick_place.ts";
import { ToldShape } from "../map/told_shape.ts";
import type { Desk } from "./desk.ts";
import { mapHint } from "./map_hint.ts";
import { findPlaces, type Guess } from "./place_finder.ts";
import { length } from "./place_lines.ts";
import { sureChoice } from "./sure_choice.ts";

const TYPING_MS = 250;
/** Who clicks a map during a call means about there. */
const CLICKED_M = 100;

export class PlaceChooser {
  readonly box: HTMLElement;
  private readonly desk: Desk;
  private readonly map: LeafletMap;
  private readonly shape: ToldShape;
  /** Of the ids: there may be two of these on the page. */
  private readonly prefix: string;
  private readonly field = el("input", { type: "search", maxlength: 200, autocomplete: "off" });
  private readonly list = el("ul", { class: "told-found", hidden: true });
  private readonly words = el("p", { role: "status" });
  private readonly sure = el("p", { class: "told-sure" });
  private readonly note = el("input", { maxlength: 1000, autocomplete: "off" });
  private changed: () => void = () => undefined;
  private place: ToldPlace = NO_PLACE;
  private typing: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  /** A hand has typed it: it outlives another choice. */
  private isOwnNote = false;
  /** What is being clicked or drawn on the map. */
  private picking: AbortController | null = null;

  constructor(prefix: string, desk: Desk, map: LeafletMap, changed = () => {}) {
    this.prefix = prefix;
    this.desk = desk;
    this.map = map;
    this.shape = new ToldShape(map);
    this.box = this.made();
    this.listen();
    this.draw("");
    this.changed = changed;
  }

  get value(): ToldPlace {
    return { ...this.place, geometry_note: this.note.value.trim() };
  }

  /** Somewhere about here: from the map. */
  around(at: Position): void {
    this.choose(pointPlace(at, CLICKED_M, ""), t("Set on the map"));
  }

  clear(): void {
    this.isOwnNote = false;
    this.leaveOpen();
  }

  /** The shape goes from the map, and what is asked or drawn there; the choice stays. */
  hideShape(): void {
    this.stop();
    this.shape.show(null);
  }

  /** What is asked or drawn just now is wanted no more. */
  stop(): void {
    this.hide();
    this.picking?.abort();
  }

  showShape(): void {
    this.shape.show(this.place.geometry);
  }

  focus(): void {
    this.field.focus();
  }

  private id(name: string): string {
    return `${this.prefix}-${name}`;
  }

  private made(): HTMLElement {
    this.field.id = this.id("where");
    this.list.id = this.id("found");
    this.words.id = this.id("place");
    this.note.id = this.id("note");
    this.field.setAttribute("aria-controls", this.list.id);
    const click = button(t("On the map"), () => void this.click(), { id: this.id("click") });
    const road = button(t("Along a road"), () => this.along(), { id: this.id("road") });
    const none = button(t("No place yet"), () => this.leaveOpen(), {
      id: this.id("none"),
      class: "link",
    });
    return el(
      "fieldset",
      { class: "told" },
      el("legend", {}, t("Where")),
      el("label", { for: this.field.id }, t("Address, district, facility or coordinates")),
      this.field,
      this.list,
      el("p", { class: "buttons" }, click, road, none),
      this.words,
      this.sure,
      el("label", { for: this.note.id }, t("The place in the words that were told")),
      this.note,
    );
  }

  private listen(): void {
    this.field.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => void this.look(), TYPING_MS);
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") void this.take();
      else if (event.key !== "ArrowDown" || this.list.hidden) return;
      else this.list.querySelector<HTMLElement>("button")?.focus();
      event.preventDefault();
      event.stopPropagation();
    });
    this.note.addEventListener("input", () => {
      this.isOwnNote = this.note.value.trim() !== "";
    });
    this.list.addEventListener("keydown", (event) => this.walk(event));
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.list.hidden) return;
      event.stopPropagation();
      this.hide();
      this.field.focus();
    });
  }

  private walk(event: KeyboardEvent): void {
    const all = [...this.list.querySelectorAll<HTMLElement>("button")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: all[at + 1], ArrowUp: all[at - 1] ?? this.field }[event.key];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  private async look(): Promise<readonly Guess[]> {
    clearTimeout(this.typing);
    this.asked += 1;
    const mine = this.asked;
    try {
      const found = await findPlaces(this.desk, this.field.value);
      if (mine !== this.asked) return [];
      this.offer(found);
      return found;
    } catch {
      if (mine === this.asked) this.say(t("Places cannot be looked up just now."));
      return [];
    }
  }

  /** Who types an address and Enter does not wait for the list. */
  private async take(): Promise<void> {
    const [first] = await this.look();
    if (first) this.pick(first);
  }

  private offer(found: readonly Guess[]): void {
    const lines = found.map((guess) => {
      const press = button(guess.name, () => this.pick(guess), { class: "link" });
      return el("li", {}, press, el("span", { class: "quiet" }, guess.more));
    });
    this.list.replaceChildren(...lines);
    this.list.hidden = lines.length === 0;
    if (this.field.value.trim() !== "" && lines.length === 0) {
      this.say(t("No such place is known here. Set it on the map, or leave it open."));
    }
  }

  private pick(guess: Guess): void {
    this.choose(guess.place, guess.name);
    if (guess.place.geometry) this.shape.goTo(guess.place.geometry);
    this.note.focus();
  }

  /** The list, and what would still fill it. */
  private hide(): void {
    clearTimeout(this.typing);
    this.asked += 1;
    this.list.hidden = true;
  }

  private async click(): Promise<void> {
    const at = await this.onMap(
      t("Click the place, or Space for the middle of the map. Esc cancels."),
      (unwanted) => pickPlace(this.map, unwanted),
    );
    if (at) this.around(at);
    this.back("click");
  }

  private along(): void {
    const hint = t(
      "Click along the road, or Space for the middle of the map. Enter ends, Esc cancels.",
    );
    void this.onMap(hint, (unwanted) => this.drawn(unwanted)).then((line) => {
      const place = line && linePlace(line, this.note.value);
      if (place) this.choose(place, "");
      this.back("road");
    });
  }

  private back(name: string): void {
    // ended by another drawing, which has the keys now
    if (!isDrawing()) document.getElementById(this.id(name))?.focus();
  }

  private drawn(unwanted: AbortSignal): Promise<readonly Position[] | null> {
    return new Promise((done) => {
      const hint = byId("map-hint");
      const first = hint.textContent ?? "";
      const changed = (line: readonly Position[]) => {
        hint.textContent = line.length > 1 ? `${lineWords(line)} – ${first}` : first;
      };
      const drawing = new LineDrawing(this.map, { changed, done });
      unwanted.addEventListener("abort", () => drawing.stop(false));
    });
  }

  private async onMap<T>(words: string, act: (unwanted: AbortSignal) => Promise<T>): Promise<T> {
    this.stop();
    const mine = new AbortController();
    this.picking = mine;
    const unsay = mapHint(words);
    // where the form lies over the map it makes room
    const dialog = this.box.closest("dialog");
    dialog?.classList.add("makes-room");
    const found = await act(mine.signal);
    unsay();
    // another one has begun meanwhile
    if (this.picking !== mine) return found;
    this.picking = null;
    dialog?.classList.remove("makes-room");
    return found;
  }

  private leaveOpen(): void {
    this.field.value = "";
    this.choose(NO_PLACE, "");
  }

  private choose(place: ToldPlace, name: string): void {
    this.hide();
    this.place = place;
    if (!this.isOwnNote) this.note.value = place.geometry_note;
    this.draw(name);
  }

  private draw(name: string): void {
    const { geometry, exact, accuracy_m } = this.place;
    this.shape.show(geometry);
    this.say(placeWords(this.place, name));
    const radius = exact ? 0 : accuracy_m;
    const choice =
      geometry && geometry.type !== "LineString" && radius !== null
        ? sureChoice(this.id("sure"), radius, (metres) => {
            this.place = asSureAs(this.value, metres);
            this.draw(name);
            document.getElementById(this.id("sure"))?.focus();
          })
        : null;
    this.sure.replaceChildren(
      ...(choice ? [el("label", { for: this.id("sure") }, t("How sure")), choice] : []),
    );
    this.changed();
  }

  private say(words: string): void {
    this.words.textContent = words;
  }
}

function lineWords(line: readonly Position[]): string {
  return t("Line of {distance}", { distance: length(lengthM(line)) });
}

function placeWords({ geometry, exact }: ToldPlace, name: string): string {
  if (!geometry) return t("No place yet: it will stand among those that need one.");
  if (geometry.type === "LineString") return lineWords(geometry.coordinates);
  if (exact) return t("A point: {name}", { name });
  return t("An area: {name}", { name });
}
