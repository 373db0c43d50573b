/** What somebody on the phone calls a place: districts, published places, coordinates by words. */

import { degreesText, type Located, readCoordinates } from "../core/coordinates.ts";
import { language, t } from "../core/language.ts";
import type { NearPlace } from "../core/near.ts";
import {
  type District,
  districtPlace,
  pointPlace,
  squarePlace,
  type ToldPlace,
} from "../core/told_place.ts";
import type { Desk } from "./desk.ts";
import { nearName } from "./near_item.ts";
import { sureWords } from "./sure_choice.ts";

/** A house or a sign may stand so far from where its coordinates were read or published. */
const READ_M = 50;
const FACILITY_M = 100;
const MOST = 5;

export interface Guess {
  readonly name: string;
  /** How much ground it stands for. */
  readonly more: string;
  readonly place: ToldPlace;
}

export async function findPlaces(desk: Desk, text: string): Promise<Guess[]> {
  const words = text.trim();
  if (words === "") return [];
  const located = readCoordinates(words);
  if (located) return [coordinates(located, words)];
  const { areas, places } = desk.page.urls;
  const [districts, published] = await Promise.all([
    desk.api.get<{ items: District[] }>(`${areas}?${new URLSearchParams({ q: words })}`),
    desk.api.get<{ items: NearPlace[] }>(
      `${places}?${new URLSearchParams({ q: words, limit: String(MOST) })}`,
    ),
  ]);
  return [
    ...districts.items.map((one) => district(one, words)),
    ...published.items.flatMap((one) => facility(one, desk)),
  ];
}

function coordinates({ at, box }: Located, words: string): Guess {
  if (box) {
    const name = t("Grid square {code}", { code: words });
    return { name, more: t("Area"), place: squarePlace(box, name) };
  }
  const place = pointPlace([...at], READ_M, words);
  return { name: degreesText(at), more: sureWords(READ_M), place };
}

function district(one: District, words: string): Guess {
  const en = language() === "en";
  const name = (en && one.name_en) || one.name;
  const of = (en && one.municipality_en) || one.municipality || "";
  const more = one.accuracy_m === null ? t("Area") : sureWords(one.accuracy_m);
  const whole = en ? [name, of].filter(Boolean).join(", ") : `${of}${name}`;
  // the house that was named is not known here: the words keep it
  const told = words.length > one.name.length ? words : whole;
  return { name: whole, more, place: districtPlace(one, told) };
}

function facility(one: NearPlace, desk: Desk): Guess[] {
  if (typeof one.lon !== "number" || typeof one.lat !== "number") return [];
  const name = nearName(one, desk.words);
  const place = pointPlace([one.lon, one.lat], FACILITY_M, name);
  return [{ name, more: sureWords(FACILITY_M), place }];
}
