/** What a facility of some kind can be asked: which questions its form has. */

import type { Vocabulary } from "../../core/vocabulary.ts";

/** Not known which kind: the form of a shelter, most sheets with a code hang there. */
export const UNKNOWN_KIND = "shelter";
const SITE = "evacuation_site";

/** Kinds that people visit and describe (gspace/vocabulary.py, VISITED). */
export function isVisited(kind: string, words: Vocabulary): boolean {
  return kind === SITE || operationCodes(kind, words) !== null;
}

/** Kind of the codes for `operation`; null where nothing is open or closed. */
export function operationCodes(kind: string, words: Vocabulary): string | null {
  return words.term("layer_kind", kind)?.states?.operation ?? null;
}

export function congestionCodes(kind: string, words: Vocabulary): string | null {
  return words.term("layer_kind", kind)?.states?.congestion ?? null;
}

/** Whether people stay there: then they are counted. */
export function hasGuests(kind: string, words: Vocabulary): boolean {
  return kind === SITE || operationCodes(kind, words) === "shelter_operation";
}
