/**
 * The board of all shelters: one row each, with what is known, by whom, and since when nobody has
 * said anything. Nothing said is never zero; of what a state and a visit say of one thing the later
 * word counts (in a drill a standing layer's state does not take over what visitors say).
 */

import { holdsWords } from "./fold.ts";
import type { LayerFeature, LayerInfo, Word } from "./layer.ts";
import { featureId } from "./layer_contents.ts";
import type { Situation } from "./situation.ts";

export interface LastWord {
  /** ms since 1970. */
  readonly at: number;
  readonly by: string | null;
}

export interface ShelterRow {
  /** "<layer>/<feature id>". */
  readonly key: string;
  readonly layer: string;
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly name_en: string | null;
  readonly address: string;
  /** Code; null where it is not known. */
  readonly municipality: string | null;
  readonly operation: string | null;
  readonly congestion: string | null;
  readonly persons: number | null;
  readonly car_stayers: number | null;
  readonly power: string | null;
  readonly water: string | null;
  readonly toilets: string | null;
  readonly needs: string | null;
  readonly note: string | null;
  readonly last: LastWord | null;
  /** When and by whom the number of persons was said. */
  readonly counted: LastWord | null;
  readonly disputed: boolean;
}

/** Nobody is inside, as far as is known: silence means nothing there, and old numbers neither. */
const SHUT: ReadonlySet<string> = new Set(["not_open", "cannot_open", "closed"]);

export function rowOf(feature: LayerFeature, info: LayerInfo): ShelterRow {
  const { properties } = feature;
  const { state, situation, conflict } = properties;
  const id = featureId(feature);
  const persons = later(feature, info, "persons");
  return {
    key: `${info.slug}/${id}`,
    layer: info.slug,
    id,
    kind: info.kind,
    name: properties.name ?? "",
    name_en: properties.name_en ?? null,
    address: properties.address ?? "",
    municipality: properties.municipality ?? null,
    operation: later(feature, info, "operation").value,
    congestion: later(feature, info, "congestion").value,
    persons: persons.value,
    car_stayers: situation?.car_stayers ?? null,
    power: situation?.power ?? null,
    water: situation?.water ?? null,
    toilets: situation?.toilets ?? null,
    needs: situation?.needs ?? null,
    note: state?.note ?? situation?.note ?? null,
    last: lastWord(feature, info),
    counted: persons.word,
    disputed: (conflict?.length ?? 0) > 0,
  };
}

type Shared = "operation" | "congestion" | "persons";

/** Of the state's word and the last visitor's, the later one that says something. */
function later<F extends Shared>(feature: LayerFeature, info: LayerInfo, field: F) {
  const { state, state_sources, situation } = feature.properties;
  const said = { value: state?.[field] ?? null, word: wordOf(state_sources?.[field], info) };
  const seen = { value: situation?.[field] ?? null, word: visitOf(situation) };
  const visit = said.value === null || (seen.word?.at ?? 0) > (said.word?.at ?? 0);
  const found = visit && seen.value !== null ? seen : said;
  return { value: found.value as ShelterRow[F], word: found.value === null ? null : found.word };
}

/** The newest thing that anybody said of it, file, hand or visitor. */
function lastWord({ properties }: LayerFeature, info: LayerInfo): LastWord | null {
  const { state, state_sources, situation } = properties;
  const checked = state?.checked_at ? { from: "file", source_as_of: state.checked_at } : null;
  const words = [...Object.values(state_sources ?? {}), checked].map((one) => wordOf(one, info));
  const told = [...words, visitOf(situation)].filter((word) => word !== null);
  return told.reduce<LastWord | null>((a, b) => (a && a.at >= b.at ? a : b), null);
}

function wordOf(word: Word | null | undefined, info: LayerInfo): LastWord | null {
  if (!word?.source_as_of) return null;
  const source = info.source_name || info.publisher?.name || null;
  return {
    at: Date.parse(word.source_as_of),
    by: word.from === "hand" ? (word.by ?? source) : source,
  };
}

function visitOf(situation: Situation | null | undefined): LastWord | null {
  return situation ? { at: Date.parse(situation.as_of), by: situation.by ?? null } : null;
}

/** Whether a shelter that may hold people has been silent for longer than so many hours. */
export function isSilent(row: ShelterRow, now: number, hours: number): boolean {
  if (isShut(row)) return false;
  return row.last === null || now - row.last.at > hours * 3_600_000;
}

export function isShut({ operation }: ShelterRow): boolean {
  return operation !== null && SHUT.has(operation);
}

export function isOpen({ operation }: ShelterRow): boolean {
  return operation === "open" || operation === "permanent";
}

export interface Totals {
  readonly shelters: number;
  readonly open: number;
  readonly full: number;
  /** In those that are not shut and of which a number was said. */
  readonly people: number;
  readonly counted: number;
  /** Open ones of which nobody said how many are there. */
  readonly uncounted: number;
  readonly silent: number;
}

export function totals(rows: readonly ShelterRow[], now: number, hours: number): Totals {
  const counted = rows.filter((row) => !isShut(row) && row.persons !== null);
  return {
    shelters: rows.length,
    open: rows.filter(isOpen).length,
    full: rows.filter((row) => isOpen(row) && row.congestion === "full").length,
    people: counted.reduce((all, row) => all + (row.persons ?? 0), 0),
    counted: counted.length,
    uncounted: rows.filter((row) => isOpen(row) && row.persons === null).length,
    silent: rows.filter((row) => isSilent(row, now, hours)).length,
  };
}

export interface Wish {
  readonly words: string;
  /** "" = all; else "open", "shut", "unknown". */
  readonly state: string;
  /** Code; "" = all. */
  readonly municipality: string;
  readonly silentOnly: boolean;
}

export function wanted(row: ShelterRow, wish: Wish, now: number, hours: number): boolean {
  if (wish.state === "open" && !isOpen(row)) return false;
  if (wish.state === "shut" && !isShut(row)) return false;
  if (wish.state === "unknown" && (isOpen(row) || isShut(row))) return false;
  if (wish.municipality && row.municipality !== wish.municipality) return false;
  if (wish.silentOnly && !isSilent(row, now, hours)) return false;
  return holdsWords([row.name, row.name_en, row.address, row.needs].join("\n"), wish.words);
}

export type SortBy = "call" | "name" | "municipality" | "people" | "last";

/** "call": whom to call first, the open ones by how long they have been silent. */
export function ordered(rows: readonly ShelterRow[], by: SortBy): ShelterRow[] {
  const compare = ORDERS[by];
  return [...rows].sort((a, b) => compare(a, b) || byName(a, b) || a.key.localeCompare(b.key));
}

const ORDERS: Readonly<Record<SortBy, (a: ShelterRow, b: ShelterRow) => number>> = {
  call: (a, b) => group(a) - group(b) || (a.last?.at ?? 0) - (b.last?.at ?? 0),
  name: byName,
  municipality: (a, b) => (a.municipality ?? "9").localeCompare(b.municipality ?? "9"),
  people: (a, b) => (b.persons ?? -1) - (a.persons ?? -1),
  last: (a, b) => (a.last?.at ?? 0) - (b.last?.at ?? 0),
};

function group(row: ShelterRow): number {
  if (isOpen(row)) return 0;
  return isShut(row) ? 2 : 1;
}

function byName(a: ShelterRow, b: ShelterRow): number {
  return a.name.localeCompare(b.name, "ja");
}
