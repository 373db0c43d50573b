/** What the server put into the page for us (frontend/views/shelters.py). */

import type { Catalogue } from "../core/language.ts";
import type { VocabularyData } from "../core/vocabulary.ts";

export interface PageData {
  readonly time_zone: string;
  readonly language: string;
  readonly catalogue: Catalogue;
  readonly csrf: string;
  readonly vocabulary: VocabularyData;
  readonly audience: string;
  /** Without a word for longer than so many hours a shelter is flagged. */
  readonly silence_h: number;
  /** Code -> name in the page's language. */
  readonly municipalities: Readonly<Record<string, string>>;
  readonly urls: {
    readonly state: string;
    readonly changes: string;
    readonly socket: string;
    readonly layers: string;
    /** `{slug}` and `{id}` stand for layer and feature; both have a query already. */
    readonly features: string;
    readonly series: string;
    readonly desk: string;
    readonly login: string;
  };
}

export function readPageData(): PageData {
  const script = document.getElementById("page-data");
  if (!script?.textContent) throw new Error("#page-data is not on this page");
  return JSON.parse(script.textContent) as PageData;
}
