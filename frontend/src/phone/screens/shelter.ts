/** Facilities: the one that a QR code opened, or the list to choose one from. */

import type { Unsubscribe } from "../../core/observable.ts";
import { el } from "../../dom/element.ts";
import { plain, say } from "../../dom/say.ts";
import { around, type Surroundings } from "../around/around.ts";
import { AsOfLine } from "../around/as_of.ts";
import { byDistance, nearestFirst, type RankedPlace } from "../around/nearest.ts";
import { pieces } from "../around/pieces.ts";
import { placeCard } from "../around/place_card.ts";
import { isVisited } from "../facility/facility.ts";
import { Here } from "../place/here.ts";
import type { MakeScreen, Phone, Screen } from "../screen.ts";
import { facility } from "./facility.ts";
import { nothingYet } from "./list.ts";

/** /m/shelter/<layer>/<feature id>; an id may have slashes in it. */
export const shelter: MakeScreen = (phone, { parts }) => {
  const [, layer, ...feature] = parts;
  if (layer && feature.length > 0) return facility(phone, layer, feature.join("/"));
  const here = around(phone.state);
  return here.now.value ? new FacilityList(phone, here.now.value).made() : nothingYet(here);
};

class FacilityList {
  private readonly phone: Phone;
  private readonly surroundings: Surroundings;
  private readonly here: Here;
  private readonly asOf: AsOfLine;
  private readonly list = el("div", { class: "stack" });
  private readonly search = el("input", { type: "search", name: "q", autocomplete: "off" });
  private readonly ends: Unsubscribe[] = [];

  constructor(phone: Phone, surroundings: Surroundings) {
    this.phone = phone;
    this.surroundings = surroundings;
    this.here = new Here(phone.state);
    this.asOf = new AsOfLine(around(phone.state));
    this.search.addEventListener("input", () => this.draw());
    this.ends.push(around(phone.state).hold());
  }

  async made(): Promise<Screen> {
    await this.surroundings.layers.ready;
    const draw = () => this.draw();
    this.ends.push(this.surroundings.layers.copies.changed(draw), this.here.fix.changed(draw));
    this.draw();
    const title = plain("Report how a facility is");
    const head = el("h1", { class: "screen-title" }, say("Report how a facility is"));
    const label = el("span", {}, say("Search by name or address"));
    const field = el("label", { class: "field" }, label, this.search);
    const hint = say("Choose one, or scan the code that hangs there with the phone's camera.");
    const body = el(
      "section",
      { class: "stack" },
      head,
      el("p", { class: "soft" }, hint),
      this.asOf.root,
      field,
      this.list,
    );
    return { title, tab: "list", body, leave: () => this.leave() };
  }

  private leave(): void {
    for (const end of this.ends) end();
    this.here.stop();
    this.asOf.stop();
  }

  private draw(): void {
    const found = this.found();
    const now = Date.now();
    const shown = pieces(found, (place) => placeCard(place, this.phone.state.words, now), {
      label: plain("Facilities"),
    });
    const words = this.search.value
      ? say("No facility has this in its name.")
      : say("Nothing has been copied to this phone yet. It needs a network once.");
    this.list.replaceChildren(found.length > 0 ? shown.body : el("p", { class: "empty" }, words));
  }

  /** Whoever visits goes to any of them, whatever its state. */
  private found(): RankedPlace[] {
    const { words } = this.phone.state;
    const visited = this.surroundings.layers
      .places()
      .filter(({ info }) => isVisited(info.kind, words));
    const wanted = fold(this.search.value);
    const named = visited.filter(({ feature: { properties } }) =>
      fold([properties.name, properties.name_en, properties.address].join(" ")).includes(wanted),
    );
    return nearestFirst(named, this.here.at).sort(byDistance);
  }
}

/** Width and case do not matter. */
function fold(text: string): string {
  return text.normalize("NFKC").toLocaleLowerCase().trim();
}
