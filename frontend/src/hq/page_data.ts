/** What the server put into the page for us (frontend/views/desk.py). */

import type { Catalogue } from "../core/language.ts";
import type { VocabularyData } from "../core/vocabulary.ts";

export interface PageData {
  readonly incident: {
    readonly slug: string;
    readonly name: string;
    readonly time_zone: string;
    readonly state: string;
    readonly demo: boolean;
  };
  readonly language: string;
  readonly catalogue: Catalogue;
  readonly csrf: string;
  readonly vocabulary: VocabularyData;
  /** hq may change reports, partner reads. */
  readonly audience: string;
  /** Who looks: what is kept in this browser is kept apart for each. */
  readonly user: string;
  readonly review: Review;
  /** Municipality codes of the own queue, a city's wards among them; empty = all. */
  readonly area: readonly string[];
  readonly area_name: string;
  /** So many reports are held and drawn one by one; of more, lists and clusters by the server. */
  readonly live_reports: number;
  /** There were more than that when the page was made. */
  readonly large: boolean;
  /** Those of the incident; `mine`: whoever looks sits at its desk. */
  readonly organisations: readonly {
    readonly slug: string;
    readonly name: string;
    readonly name_en: string;
    readonly mine: boolean;
  }[];
  /** Whether the outline of any municipality is known. */
  readonly outlines: boolean;
  readonly urls: Urls;
}

/** How long reports may wait. */
export interface Review {
  /** The server's clock when the page was made. */
  readonly now: string;
  /** Minutes that the oldest may wait unreviewed. */
  readonly warn_min: number;
  readonly alarm_min: number;
  /** Seconds until one that nobody accepts alarms every screen. */
  readonly alarm_after_s: number;
  /** Reports in one bulk change. */
  readonly bulk: number;
  /** Reports in one situation report. */
  readonly situation: number;
  /** Minutes before its time that a report counts as due soon. */
  readonly due_soon_min: number;
}

export interface Urls {
  readonly state: string;
  readonly reports: string;
  readonly counts: string;
  /** `{z}`, `{x}` and `{y}` stand for the tile's. */
  readonly report_tiles: string;
  readonly changes: string;
  /** Who has which report open; with a desk's id after it, its own. */
  readonly claims: string;
  readonly bulk: string;
  /** Path of the websocket; scheme and host are the page's. */
  readonly socket: string;
  /** `{id}` stands for the report's id. */
  readonly report: string;
  /** `{id}` stands for the photo's id. */
  readonly public_photo: string;
  /** The page of the rules by which reports are released. */
  readonly release_rules: string;
  /** Pairs among the unsorted that are probably one. */
  readonly duplicates: string;
  /** What this person has seen, and when they last looked. */
  readonly seen: string;
  /** Saved views; one is `/<id>` after it. */
  readonly views: string;
  readonly municipalities: string;
  /** The page that tells crews something; headquarters' own. */
  readonly broadcasts?: string;
  /** The form of a situation report; headquarters' own. */
  readonly situation?: string;
  /** Teams, bodies and persons to whom a report can be handed. */
  readonly assignees: string;
  readonly layers: string;
  /** `{slug}` stands for the layer's; has a query already. */
  readonly features: string;
  /** `{slug}` and `{id}` stand for layer and feature; has a query already. */
  readonly situations: string;
  readonly series: string;
  /** `{slug}` and `{id}` stand for layer and feature; has a query already. */
  readonly feature: string;
  readonly nearest: string;
  readonly coverage: string;
  /** The page of numbers; headquarters only. */
  readonly numbers: string;
  readonly places: string;
  /** Town, municipality and what is published around a position. */
  readonly here: string;
  /** Districts as areas, by words. */
  readonly areas: string;
  /** `{id}` stands for a new report's, told by phone, radio, fax or at the counter. */
  readonly entered: string;
  /** The board of all shelters. */
  readonly shelters: string;
  /** The page of headquarters' log. */
  readonly log: string;
  readonly login: string;
}

export function readPageData(): PageData {
  const script = document.getElementById("page-data");
  if (!script?.textContent) throw new Error("#page-data is not on this page");
  return JSON.parse(script.textContent) as PageData;
}
