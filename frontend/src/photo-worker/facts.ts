/** What a picture says of itself (EXIF): where and when it was taken. A second witness only. */

import { parse } from "exifr/dist/lite.esm.mjs";
import type { PhotoSays } from "../outbox/entry.ts";

// names of the tags are not chosen here: the small build has no dictionary to choose by
const WANTED = {
  ifd0: {},
  exif: {},
  gps: {},
  reviveValues: false,
  translateValues: false,
};

/** null when it says neither place nor time; never throws, whatever the bytes are. */
export async function factsOf(bytes: ArrayBuffer): Promise<PhotoSays | null> {
  try {
    return saidBy((await parse(bytes, WANTED)) ?? {});
  } catch {
    return null;
  }
}

type Tags = Readonly<Record<string, unknown>>;

function saidBy(tags: Tags): PhotoSays | null {
  const { latitude: lat, longitude: lon } = tags;
  const taken_at = takenAt(tags);
  const isPlace = isDegrees(lat, 90) && isDegrees(lon, 180) && (lat !== 0 || lon !== 0);
  if (isPlace) return { lon: rounded(lon), lat: rounded(lat), taken_at };
  return taken_at === null ? null : { lon: null, lat: null, taken_at };
}

function isDegrees(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isFinite(value) && Math.abs(value) <= most;
}

// 7 decimals are a centimetre; sums of degrees, minutes and seconds have noise behind
function rounded(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

/** "2016:04:16 02:11:00" and "+09:00" -> RFC 3339; without offset, as the camera's clock said. */
function takenAt(tags: Tags): string | null {
  const said = textOf(tags, "DateTimeOriginal", 0x9003) ?? textOf(tags, "CreateDate", 0x9004);
  const parts = said?.match(/^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const offset = textOf(tags, "OffsetTimeOriginal", 0x9011)?.match(/^[+-]\d\d:\d\d/)?.[0] ?? "";
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`;
  return Number.isNaN(Date.parse(text)) ? null : text;
}

function textOf(tags: Tags, name: string, code: number): string | null {
  const value = tags[name] ?? tags[code];
  return typeof value === "string" ? value.trim() : null;
}
