/** The language of the phone: its words come from the phone itself, so that it changes offline. */

import { useLanguage } from "../../core/language.ts";
import { Vocabulary } from "../../core/vocabulary.ts";
import type { Words } from "../page_data.ts";
import type { State } from "../state.ts";

/** Kept: the code that a person chose. */
export const LANGUAGE = "language";
/** Django's, so that joining and the plain form speak the same. */
const COOKIE = "django_language";
const YEAR_S = 365 * 24 * 3600;

/** What was chosen earlier; where its words are not to be had, the page's own language stands. */
export async function startLanguage(state: State): Promise<void> {
  const { page } = state;
  useLanguage(page.language, page.catalogue);
  const chosen = await state.box.kept<string>(LANGUAGE);
  if (chosen && chosen !== page.language) await speak(state, chosen);
}

/** A person's choice. false: the words of that language are not on this phone yet. */
export async function chooseLanguage(state: State, code: string): Promise<boolean> {
  if (!(await speak(state, code))) return false;
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the other way is not there in every browser
  document.cookie = `${COOKIE}=${code}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;
  await state.box.keep(LANGUAGE, code);
  return true;
}

async function speak(state: State, code: string): Promise<boolean> {
  const words = code === state.page.language ? state.page : await fetchWords(state, code);
  if (!words) return false;
  useLanguage(code, words.catalogue);
  document.documentElement.lang = code;
  state.words = new Vocabulary(words.vocabulary);
  state.language.set(code);
  return true;
}

async function fetchWords(state: State, code: string): Promise<Words | null> {
  try {
    const answer = await fetch(state.page.urls.words.replace("{language}", code));
    const words = (await answer.json()) as Words;
    // a login page in the way may answer anything
    return words.language === code && words.catalogue && words.vocabulary ? words : null;
  } catch {
    return null;
  }
}
