/** The page's words. Nothing that is live waits for them: without them it speaks English. */

import type { Api } from "../core/api.ts";
import type { Freshness } from "../core/freshness.ts";
import { insist, pause } from "../core/insist.ts";
import { type Catalogue, useLanguage } from "../core/language.ts";
import type { Observable } from "../core/observable.ts";
import type { PageData } from "./page_data.ts";

/** So long nothing is said in the wrong language (ms). */
const PATIENCE_MS = 3_000;

/** Resolves with the page's own words, however often they have to be asked for. */
export async function learnWords(page: PageData, api: Api): Promise<void> {
  useLanguage(page.language, await insist(() => api.get<Catalogue>(page.urls.catalogue)));
}

/** Says how fresh the page is: in its own words, or in English where they are long in coming. */
export function sayStatus(
  status: Observable<Freshness>,
  words: Promise<void>,
  say: (fresh: Freshness) => void,
): void {
  let [last, speaking]: [Freshness | null, boolean] = [null, false];
  const speak = () => {
    speaking = true;
    if (last) say(last);
  };
  status.changed((fresh) => {
    last = fresh;
    if (speaking) say(fresh);
  });
  void Promise.race([words, pause(PATIENCE_MS)]).then(speak);
  void words.then(speak);
}
