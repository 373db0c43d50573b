/** Where it is, by hand: the map is moved under a fixed crosshair. For drafts and for what was sent. */

import { number } from "../../core/language.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say } from "../../dom/say.ts";
import type { Fix, Pin, ReportEntry } from "../../outbox/entry.ts";
import { back } from "../frame/router.ts";
import { type Crosshair, type LonLat, mapBundle } from "../place/map_bundle.ts";
import { position } from "../place/position.ts";
import { putAt } from "../place/report_place.ts";
import type { MakeScreen, Phone, Screen } from "../screen.ts";

// a house and its neighbours
const CLOSE_ZOOM = 17;
const COUNTRY_ZOOM = 5;

export const place: MakeScreen = async (phone, { parts }) => {
  const id = parts[1] ?? "";
  const entry = await phone.state.box.entry(id);
  const screen = new PlaceScreen(phone, id, entry?.kind === "report" ? entry : null);
  void screen.start();
  return screen;
};

class PlaceScreen implements Screen {
  readonly title = plain("Place");
  readonly tab = "shoot";
  readonly body: HTMLElement;
  private readonly phone: Phone;
  private readonly id: string;
  /** null: not on this phone any more, but it may still be corrected. */
  private readonly entry: ReportEntry | null;
  private readonly map = el("div", { class: "place__map" });
  private readonly words = el("p", { class: "place__words", role: "status" });
  private readonly here: HTMLButtonElement;
  private readonly release = position.hold();
  private crosshair: Crosshair | null = null;
  private left = false;

  constructor(phone: Phone, id: string, entry: ReportEntry | null) {
    this.phone = phone;
    this.id = id;
    this.entry = entry;
    this.here = button("", () => void this.choose(), { class: "button button--main button--wide" });
    this.here.append(icon("position_pin"), say("It is here"));
    this.here.disabled = true;
    this.body = this.built();
  }

  async start(): Promise<void> {
    this.words.replaceChildren(say("The map is coming…"));
    try {
      const bundle = await mapBundle(this.phone.state.page.urls);
      if (this.left) return;
      this.crosshair = bundle.crosshair(this.map, this.begin());
      this.here.disabled = false;
      this.words.replaceChildren(...this.explained());
    } catch {
      this.words.replaceChildren(
        say("The map cannot be shown now. The place can be added later, also after sending."),
      );
    }
  }

  leave(): void {
    this.left = true;
    this.release();
    this.crosshair?.stop();
  }

  private begin() {
    const fix = this.ownFix();
    const pin = this.entry?.content.pin ?? null;
    const known = pin ?? fix;
    const { centre, zoom } = this.phone.state.incident.value ?? {
      centre: null,
      zoom: COUNTRY_ZOOM,
    };
    return {
      centre: known ? ([known.lon, known.lat] as LonLat) : centre,
      zoom: known ? CLOSE_ZOOM : zoom,
      accuracy_m: fix?.accuracy_m ?? null,
      fix,
    };
  }

  private ownFix(): Fix | null {
    return this.entry?.content.device_fix ?? position.bestAt(Date.now());
  }

  private explained(): Node[] {
    const move = say("Move the map until the cross is at the place.");
    const accuracy = this.ownFix()?.accuracy_m;
    if (accuracy === null || accuracy === undefined) return [move];
    const metres = number(Math.ceil(accuracy));
    return [move, document.createTextNode(" "), say("The circle: ±{metres} m", { metres })];
  }

  private built(): HTMLElement {
    const own = button("", () => void this.put(null), { class: "button" });
    own.append(icon("position_device"), say("The phone's own position"));
    const none = button("", () => void this.nowhere(), { class: "button" });
    none.append(icon("position_none"), say("No place"));
    const cancel = button("", () => back(), { class: "button" });
    cancel.append(say("Cancel"));
    return el(
      "section",
      { class: "place fills" },
      el("h1", { class: "unseen" }, say("Place")),
      this.words,
      this.map,
      el(
        "div",
        { class: "place__acts" },
        this.here,
        el("div", { class: "place__row" }, own, none, cancel),
      ),
    );
  }

  private async choose(): Promise<void> {
    const [lon, lat] = this.crosshair?.position() ?? [Number.NaN, Number.NaN];
    if (Number.isFinite(lon) && Number.isFinite(lat)) await this.put({ lon, lat });
  }

  private async put(pin: Pin | null): Promise<void> {
    const own = this.entry?.content.device_fix ?? null;
    const again = pin === null && own === null ? position.bestAt(Date.now()) : null;
    await putAt(this.phone.state, this.id, again ? { pin, device_fix: again } : { pin });
    back();
  }

  private async nowhere(): Promise<void> {
    await putAt(this.phone.state, this.id, { pin: null, device_fix: null });
    back();
  }
}
