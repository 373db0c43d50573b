/** One facility: how it was found last, the form for how it is now, and all earlier looks. */

import type { Unsubscribe } from "../../core/observable.ts";
import { ago } from "../../core/times.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say, withoutReadings, withReadings } from "../../dom/say.ts";
import { around, type Surroundings } from "../around/around.ts";
import type { SupportPlace } from "../around/nearest.ts";
import { featureName, kindIcon, sourceWords, stateBadges } from "../around/place_card.ts";
import { UNKNOWN_KIND } from "../facility/facility.ts";
import { fetchFacility } from "../facility/facility_copy.ts";
import {
  contentOf,
  hasAnswers,
  NO_ANSWERS,
  OLD_DRAFT_MS,
  type SituationDraft,
  wrongNumbers,
} from "../facility/situation_draft.ts";
import { SituationForm } from "../facility/situation_form.ts";
import { SituationKeeper } from "../facility/situation_keeper.ts";
import { SituationSeries, seriesList } from "../facility/situation_series.ts";
import { reportSituation } from "../reports.ts";
import type { Phone, Screen } from "../screen.ts";

export async function facility(phone: Phone, layer: string, feature: string): Promise<Screen> {
  const surroundings = around(phone.state).now.value;
  await surroundings?.layers.ready;
  const keeper = new SituationKeeper(phone.state.box, layer, feature);
  const draft = await keeper.recall();
  const screen = new FacilityScreen(phone, surroundings, { layer, feature }, keeper, draft);
  await screen.series.recall();
  return screen.made();
}

interface Named {
  readonly layer: string;
  readonly feature: string;
}

class FacilityScreen {
  readonly series: SituationSeries;
  private readonly phone: Phone;
  private readonly surroundings: Surroundings | null;
  private readonly named: Named;
  private readonly keeper: SituationKeeper;
  private readonly head = el("div", { class: "stack stack--close" });
  private readonly banner = el("div", { "aria-live": "polite" });
  private readonly holder = el("div");
  private readonly problem = el("p", { class: "field__error", role: "alert" });
  private readonly past = el("div");
  private readonly record: HTMLButtonElement;
  private readonly ends: Unsubscribe[] = [];
  private fetched: SupportPlace | null = null;
  private arrived = 0;
  private form: SituationForm;
  private kind: string;

  constructor(
    phone: Phone,
    surroundings: Surroundings | null,
    named: Named,
    keeper: SituationKeeper,
    draft: SituationDraft,
  ) {
    this.phone = phone;
    this.surroundings = surroundings;
    this.named = named;
    this.keeper = keeper;
    this.series = new SituationSeries(phone.state, named.layer, named.feature);
    this.kind = this.place()?.info.kind ?? UNKNOWN_KIND;
    this.form = this.newForm(draft);
    this.record = button(say("Record it"), () => void this.send(), {
      class: "button button--main button--wide",
    });
    if (isOld(draft)) this.sayOldDraft(draft);
  }

  made(): Screen {
    const { state } = this.phone;
    this.ends.push(
      state.entries.changed(() => this.entriesChanged()),
      this.series.copy.changed(() => this.drawPast()),
    );
    const copies = this.surroundings?.layers.copies;
    if (copies) this.ends.push(copies.changed(() => this.drawHead()));
    this.ends.push(around(state).hold());
    this.drawHead();
    this.drawPast();
    this.holder.replaceChildren(this.form.root);
    void this.refresh();
    const past = el("h2", {}, say("Earlier looks"));
    const dock = el("div", { class: "dock" }, this.problem, this.record);
    const body = el(
      "section",
      { class: "stack" },
      this.head,
      this.banner,
      this.holder,
      dock,
      past,
      this.past,
    );
    return { title: withoutReadings(this.name()), body, leave: () => this.leave() };
  }

  private leave(): void {
    for (const end of this.ends) end();
  }

  private place(): SupportPlace | null {
    const { layer, feature } = this.named;
    return this.surroundings?.layers.facility(layer, feature) ?? this.fetched;
  }

  private name(): string {
    const place = this.place();
    return place
      ? featureName(place.feature, place.info)
      : plain("Facility {id}", { id: this.named.feature });
  }

  /** What the network can add; without one the form works all the same. */
  private async refresh(): Promise<void> {
    const { state } = this.phone;
    const { layer, feature } = this.named;
    this.fetched = await fetchFacility(state, layer, feature).catch(() => null);
    this.drawHead();
    await this.series.refresh().catch(() => {});
  }

  private drawHead(): void {
    const place = this.place();
    const { words } = this.phone.state;
    if (!place) {
      const unknown = say("This facility is not on this phone yet. The form works all the same.");
      const title = el("h1", { class: "screen-title" }, this.name());
      this.head.replaceChildren(title, el("p", { class: "banner banner--warn" }, unknown));
      return;
    }
    const { feature, info } = place;
    this.useKind(info.kind);
    const title = el(
      "h1",
      { class: "screen-title" },
      icon(kindIcon(info, words)),
      " ",
      this.name(),
    );
    const now = Date.now();
    this.head.replaceChildren(
      title,
      el("p", { class: "row" }, ...stateBadges(feature, info, words)),
      el("p", { class: "soft" }, feature.properties.address ?? ""),
      el("p", { class: "soft" }, sourceWords(feature, info, now)),
      ...this.wrongIncident(info.incident ?? null),
    );
  }

  private wrongIncident(slug: string | null): HTMLElement[] {
    const chosen = this.phone.state.incident.value?.slug;
    if (slug === null || slug === chosen) return [];
    const words = say("This facility belongs to another incident. Choose that one first.");
    return [el("p", { class: "banner banner--warn" }, words)];
  }

  /** The right questions, once it is known what it is; what was typed stays. */
  private useKind(kind: string): void {
    if (kind === this.kind) return;
    this.kind = kind;
    this.form = this.newForm(this.form.draft);
    this.holder.replaceChildren(this.form.root);
  }

  private newForm(draft: SituationDraft): SituationForm {
    return new SituationForm(this.kind, draft, this.phone.state.words, {
      changed: (next) => this.changed(next),
    });
  }

  private changed(draft: SituationDraft): void {
    this.problem.replaceChildren();
    this.keeper.keep(draft).catch(() => this.problem.replaceChildren(notKept()));
  }

  private async send(): Promise<void> {
    const { draft } = this.form;
    const wrong = this.whatIsWrong(draft);
    if (wrong) this.problem.replaceChildren(wrong);
    if (wrong) return;
    this.record.disabled = true;
    try {
      const content = contentOf(draft, { ...this.named, name: this.name() }, Date.now());
      await reportSituation(this.phone.state, content);
      await this.keeper.keep(null);
      this.startAnew();
      this.saySaved();
    } catch {
      this.problem.replaceChildren(notKept());
    } finally {
      this.record.disabled = false;
    }
  }

  private saySaved(): void {
    const saved = say("Saved on this phone. It is sent by itself.");
    this.banner.replaceChildren(el("p", { class: "banner banner--ok" }, icon("ui_check"), saved));
    this.banner.scrollIntoView({ block: "center" });
  }

  private whatIsWrong(draft: SituationDraft): Node | null {
    if (!hasAnswers(draft)) return say("Answer at least one question.");
    if (wrongNumbers(draft).length > 0) return say("A number cannot be read. Correct it, please.");
    return null;
  }

  private startAnew(): void {
    this.form = this.newForm(NO_ANSWERS);
    this.holder.replaceChildren(this.form.root);
  }

  private sayOldDraft({ begunAt }: SituationDraft): void {
    const since = ago(((Date.now() - (begunAt ?? 0)) / 1000) | 0) ?? "";
    const words = plain("These answers were begun earlier {ago}. Check them, or begin anew.", {
      ago: since,
    });
    const anew = button(say("Begin anew"), () => void this.beginAnew(), { class: "button" });
    const text = el("span", {}, withReadings(words));
    this.banner.replaceChildren(el("div", { class: "banner banner--warn" }, text, anew));
  }

  private async beginAnew(): Promise<void> {
    await this.keeper.keep(null);
    this.startAnew();
    this.banner.replaceChildren();
  }

  /** What has arrived is in the service's series now, with everybody's. */
  private entriesChanged(): void {
    this.drawPast();
    const arrived = this.series.own().filter(({ words }) => words.state === "done").length;
    if (arrived > this.arrived) void this.series.refresh().catch(() => {});
    this.arrived = arrived;
  }

  private drawPast(): void {
    this.past.replaceChildren(seriesList(this.series, this.kind, this.phone.state.words));
  }
}

function isOld(draft: SituationDraft): boolean {
  const age = Date.now() - (draft.begunAt ?? Date.now());
  return hasAnswers(draft) && age > OLD_DRAFT_MS;
}

function notKept(): Node {
  return say("This phone has no room left: the answers are not kept. Free some, please.");
}
