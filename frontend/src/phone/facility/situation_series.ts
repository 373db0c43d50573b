/** How a facility was found, visit by visit: copied onto the phone, own ones that wait on top. */

import { number } from "../../core/language.ts";
import { Observable } from "../../core/observable.ts";
import type { Series, Situation } from "../../core/situation.ts";
import { timeAgo } from "../../core/times.ts";
import type { Vocabulary } from "../../core/vocabulary.ts";
import { el } from "../../dom/element.ts";
import { plain, say, withReadings } from "../../dom/say.ts";
import type { SituationContent, SituationEntry } from "../../outbox/entry.ts";
import { codeBadge } from "../around/place_card.ts";
import { waitingBadge } from "../around/report_card.ts";
import { service } from "../service.ts";
import type { State } from "../state.ts";
import { reasonOf } from "../waiting/why.ts";
import { operationCodes } from "./facility.ts";
import { LIFELINES, NUMBERS } from "./situation_draft.ts";

const KIND = "situations";
const LENGTH = 50;

interface SeriesCopy {
  readonly items: readonly Situation[];
  readonly readAt: number;
}

/** Copies are by facility; no more of them than a phone visits. */
export class SituationSeries {
  readonly copy = new Observable<SeriesCopy | null>(null);
  private readonly state: State;
  private readonly layer: string;
  private readonly feature: string;

  constructor(state: State, layer: string, feature: string) {
    this.state = state;
    this.layer = layer;
    this.feature = feature;
  }

  async recall(): Promise<void> {
    this.copy.set((await this.state.box.kept<SeriesCopy>(this.name)) ?? null);
  }

  /** Rejects when the service cannot be reached, or refuses. */
  async refresh(): Promise<void> {
    const incident = this.state.incident.value?.slug;
    const query = new URLSearchParams({ limit: String(LENGTH), ...(incident && { incident }) });
    const place = `layers/${encodeURIComponent(this.layer)}/features/${encodeURIComponent(this.feature)}`;
    const { items } = await service(this.state).get<Series>(`${place}/situations?${query}`);
    const copy = { items, readAt: Date.now() };
    this.copy.set(copy);
    await this.state.box.keep(this.name, copy);
  }

  /** Of this facility, from this phone: not known to the copy yet, newest first. */
  own(): SituationEntry[] {
    const known = new Set(this.copy.value?.items.map(({ id }) => id));
    return this.state.entries.value.filter(
      (entry): entry is SituationEntry =>
        entry.kind === "situation" &&
        entry.content.layer === this.layer &&
        entry.content.feature === this.feature &&
        !known.has(entry.id),
    );
  }

  private get name(): string {
    return `${KIND}:${this.layer}/${this.feature}`;
  }
}

type Said = Omit<SituationContent, "layer" | "feature" | "name" | "needs" | "note"> & {
  readonly needs?: string | null;
  readonly note?: string | null;
};

export function seriesList(series: SituationSeries, kind: string, words: Vocabulary): HTMLElement {
  const own = series.own().map((entry) => line(entry.content, kind, words, ownBadge(entry)));
  const items = (series.copy.value?.items ?? []).map((one) =>
    line({ ...one, captured_at: one.as_of }, kind, words, by(one)),
  );
  const all = [...own, ...items];
  if (all.length === 0) {
    return el("p", { class: "empty" }, say("Nobody has reported on this facility yet."));
  }
  return el("ol", { class: "list", "aria-label": plain("Earlier looks") }, ...all);
}

function line(said: Said, kind: string, words: Vocabulary, extra: Node | null): HTMLElement {
  return el(
    "li",
    { class: "situation-line" },
    el(
      "span",
      { class: "list__head" },
      el("strong", {}, timeAgo(said.captured_at, Date.now())),
      extra,
    ),
    el("span", { class: "row" }, ...codesOf(said, kind, words)),
    el("span", {}, withReadings(countWords(said))),
    said.needs ? el("span", {}, say("Needed"), `: ${said.needs}`) : null,
    said.note ? el("span", { class: "soft" }, said.note) : null,
  );
}

/** What was not reported is left out; the word for "unknown" is only for who said so. */
function codesOf(said: Said, kind: string, words: Vocabulary): HTMLElement[] {
  const operation = operationCodes(kind, words);
  const state = operation && said.operation ? [codeBadge(operation, said.operation, words)] : [];
  const full = said.congestion ? [codeBadge("congestion", said.congestion, words)] : [];
  const names = { power: plain("Power"), water: plain("Water"), toilets: plain("Toilets") };
  const lifelines = LIFELINES.flatMap((name) => {
    const code = said[name];
    if (!code) return [];
    return [el("span", {}, withReadings(names[name]), " ", codeBadge("lifeline", code, words))];
  });
  return [...state, ...full, ...lifelines];
}

export function countWords(said: Said): string {
  const sentences = {
    persons: (n: string) => plain("{n} people", { n }),
    households: (n: string) => plain("{n} households", { n }),
    car_stayers: (n: string) => plain("{n} in cars", { n }),
  };
  const told = NUMBERS.flatMap((name) => {
    const value = said[name];
    return value === null ? [] : [sentences[name](number(value))];
  });
  return told.join(" · ");
}

function by({ by: name }: Situation): Node | null {
  return name ? el("span", { class: "soft" }, name) : null;
}

function ownBadge({ words }: SituationEntry): HTMLElement {
  if (words.state === "done") return el("span", { class: "badge" }, say("Sent"));
  if (words.state === "waiting") return waitingBadge();
  const why = words.why ? reasonOf(words.why).words : "";
  return el(
    "span",
    { class: "badge badge--half" },
    say("Needs attention"),
    why && withReadings(`: ${why}`),
  );
}
