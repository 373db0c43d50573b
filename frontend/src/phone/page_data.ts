/** What the server put into the shell for us (frontend/views/phone_app.py). */

import type { Catalogue } from "../core/language.ts";
import type { VocabularyData } from "../core/vocabulary.ts";

/** One language's words, as the shell carries them and `urls.words` answers them. */
export interface Words {
  readonly language: string;
  readonly catalogue: Catalogue;
  /** Labels in this language only. */
  readonly vocabulary: VocabularyData;
  /** Names this version of the app. */
  readonly build: string;
}

export interface PageData extends Words {
  readonly languages: readonly { readonly code: string; readonly name: string }[];
  readonly urls: Urls;
}

export interface Urls {
  readonly home: string;
  /** The plain form. */
  readonly form: string;
  readonly login: string;
  /** Of the page's language; `&transfer=` may be added. */
  readonly manifest: string;
  /** `{language}` stands for a code of `languages`. */
  readonly words: string;
  /** The service worker. */
  readonly worker: string;
  /** Everything of the API begins with it; ends in a slash. */
  readonly api: string;
  readonly map_script: string;
  /** Missing when the map needs no style of its own. */
  readonly map_style?: string;
  readonly leaflet_script: string;
  readonly leaflet_style: string;
  readonly photo_worker: string;
}

export function readPageData(): PageData {
  const script = document.getElementById("phone-data");
  if (!script?.textContent) throw new Error("#phone-data is not on this page");
  return JSON.parse(script.textContent) as PageData;
}
