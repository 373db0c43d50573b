/** The answers in a facility's form, and what is sent of them; one draft a facility. */

import type { SituationContent } from "../../outbox/entry.ts";

export const NUMBERS = ["persons", "households", "car_stayers"] as const;
export const LIFELINES = ["power", "water", "toilets"] as const;
export type NumberField = (typeof NUMBERS)[number];
export type CodeField = "operation" | "congestion" | (typeof LIFELINES)[number];

/** The answers as they stand in the form: numbers as typed, "" = not reported. */
export interface SituationDraft {
  readonly codes: Readonly<Partial<Record<CodeField, string>>>;
  readonly numbers: Readonly<Partial<Record<NumberField, string>>>;
  readonly needs: string;
  readonly note: string;
  /** When it was looked at (RFC 3339); null = when it is recorded. */
  readonly at: string | null;
  /** When the first answer was given (ms since 1970). */
  readonly begunAt: number | null;
}

export const NO_ANSWERS: SituationDraft = {
  codes: {},
  numbers: {},
  needs: "",
  note: "",
  at: null,
  begunAt: null,
};
/** As many as the service takes. */
export const MOST = 1_000_000;
export const LONGEST_WORDS = 4_000;
/** Answers begun longer ago may be of another visit. */
export const OLD_DRAFT_MS = 2 * 3_600_000;

/** undefined: it is no number. Blank is null, "not reported"; 0 is zero; １２ is 12. */
export function countOf(typed: string | undefined): number | null | undefined {
  const text = (typed ?? "").normalize("NFKC").replace(/[\s,人]/g, "");
  if (text === "") return null;
  if (!/^\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value <= MOST ? value : undefined;
}

/** Fields whose words cannot be sent as they are. */
export function wrongNumbers({ numbers }: SituationDraft): NumberField[] {
  return NUMBERS.filter((name) => countOf(numbers[name]) === undefined);
}

export function hasAnswers(draft: SituationDraft): boolean {
  const { codes, numbers, needs, note } = draft;
  const given = [...Object.values(codes), ...Object.values(numbers), needs, note];
  return given.some((value) => (value ?? "").trim() !== "");
}

/** What is sent. `now` stands for the time of the look where none was given. */
export function contentOf(
  draft: SituationDraft,
  facility: { readonly layer: string; readonly feature: string; readonly name: string },
  now: number,
): SituationContent {
  const { codes, numbers, needs, note, at } = draft;
  const code = (name: CodeField) => codes[name] ?? null;
  const count = (name: NumberField) => countOf(numbers[name]) ?? null;
  return {
    ...facility,
    captured_at: at ?? new Date(now).toISOString(),
    operation: code("operation"),
    congestion: code("congestion"),
    persons: count("persons"),
    households: count("households"),
    car_stayers: count("car_stayers"),
    power: code("power"),
    water: code("water"),
    toilets: code("toilets"),
    needs: needs.trim(),
    note: note.trim(),
  };
}
