/** What the server put into the page for us (frontend/views/publish/frame.py). */

import type { Catalogue } from "../core/language.ts";
import type { VocabularyData } from "../core/vocabulary.ts";

export interface PageData {
  /** Which part of the script runs; see main.ts. */
  readonly screen: string;
  readonly language: string;
  readonly time_zone: string;
  readonly catalogue: Catalogue;
  readonly csrf: string;
  readonly vocabulary: VocabularyData;
  readonly layer: { readonly slug: string; readonly title: string; readonly kind: string };
  readonly urls: Urls;
}

/** `{n}` stands for a version's number. */
export interface Urls {
  readonly data: string;
  readonly features: string;
  readonly version: string;
  readonly version_page: string;
}

/** null on the pages that need no script. */
export function readPageData(): PageData | null {
  const text = document.getElementById("page-data")?.textContent;
  return text ? (JSON.parse(text) as PageData) : null;
}
