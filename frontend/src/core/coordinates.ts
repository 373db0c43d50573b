/** Coordinates as people write them: decimal, degrees-minutes-seconds, grid square, UTM, MGRS. */

import type { Box } from "./geometry.ts";
import { meshCell, meshCode } from "./mesh.ts";
import { fromMgrs, fromUtm, toMgrs, toUtm } from "./utm.ts";

export type How = "degrees" | "mesh" | "utm" | "mgrs";

export interface Located {
  readonly how: How;
  /** `[lon, lat]`, degrees. */
  readonly at: readonly [number, number];
  /** Of a grid square. */
  readonly box: Box | null;
}

/** null where the text is something else, such as the name of a place. */
export function readCoordinates(text: string): Located | null {
  const plain = text.normalize("NFKC").trim().toUpperCase();
  const found = mesh(plain) ?? grid(plain) ?? degrees(plain);
  if (!found) return null;
  const [lon, lat] = found.at;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? found : null;
}

function mesh(text: string): Located | null {
  // 32 130 are degrees; only digits and hyphens are a square
  const box = /^[\d-]+$/.test(text) ? meshCell(text) : null;
  if (!box) return null;
  return { how: "mesh", at: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], box };
}

const UTM =
  /^(?:UTM\s*)?(\d{1,2})\s*([C-HJ-NP-X])[\s,]+(\d{6}(?:\.\d+)?)\s*M?E?[\s,]+(\d{1,8}(?:\.\d+)?)\s*M?N?$/;
const MGRS = /^(?:MGRS\s*)?(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z][A-HJ-NP-V])\s*([\d\s]*)$/;

function grid(text: string): Located | null {
  const utm = UTM.exec(text);
  if (utm) {
    const [, zone, band = "", east, north] = utm;
    if (!isZone(zone)) return null;
    const at = fromUtm(Number(zone), band >= "N", Number(east), Number(north));
    return { how: "utm", at, box: null };
  }
  const [, zone, band = "", square = "", digits = ""] = MGRS.exec(text) ?? [];
  const figures = digits.replace(/\s/g, "");
  if (!isZone(zone) || figures.length > 10) return null;
  const at = fromMgrs(Number(zone), band, square, figures);
  return at && { how: "mgrs", at, box: null };
}

function isZone(zone: string | undefined): boolean {
  return zone !== undefined && Number(zone) >= 1 && Number(zone) <= 60;
}

interface Angle {
  readonly value: number;
  readonly axis: "lat" | "lon" | null;
}

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const BEFORE = "(?<before>[NSEW]|北緯|南緯|東経|西経|[-+])?";
const PARTS = [
  String.raw`(?<d>${NUMBER})\s*(?:[°º度]\s*)?`,
  String.raw`(?:(?<m>${NUMBER})\s*(?:分|['′’](?!['′’]))\s*)?`,
  String.raw`(?:(?<s>${NUMBER})\s*(?:["”秒]|['′’]{2})\s*)?`,
].join("");
const ANGLE = String.raw`${BEFORE}\s*${PARTS}(?<after>[NSEW])?`;

/** Two angles. Latitude first, as in Japan, unless letters or a number above 90 say otherwise. */
function degrees(text: string): Located | null {
  // 健軍1-2, 12-3: the number of a house
  if (/\d-\d/.test(text)) return null;
  const found = [...text.matchAll(new RegExp(ANGLE, "g"))];
  const rest = text.replace(new RegExp(ANGLE, "g"), "").replace(/[\s,、/()]/g, "");
  const [first, second, more] = found.map(angle);
  if (rest !== "" || !first || !second || more) return null;
  const swapped = first.axis === "lon" || second.axis === "lat" || Math.abs(first.value) > 90;
  const [lat, lon] = swapped ? [second, first] : [first, second];
  if (lat.axis === "lon" || lon.axis === "lat") return null;
  return { how: "degrees", at: [lon.value, lat.value], box: null };
}

function angle({ groups = {} }: RegExpMatchArray): Angle {
  const { d, m = "0", s = "0" } = groups;
  const side = `${groups.before ?? ""}${groups.after ?? ""}`;
  const size = Number(d) + Number(m) / 60 + Number(s) / 3600;
  const negative = /[SW南西-]/.test(side);
  const axis = /[NS北南]/.test(side) ? "lat" : /[EW東西]/.test(side) ? "lon" : null;
  return { value: negative ? -size : size, axis };
}

/** 32.79012, 130.75034: a metre. */
export function degreesText([lon, lat]: readonly [number, number]): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

/** 北緯32度47分24.4秒 東経130度45分1.2秒 as 32°47′24.4″N 130°45′01.2″E: three metres. */
export function sexagesimalText([lon, lat]: readonly [number, number]): string {
  return `${parts(lat, "N", "S")} ${parts(lon, "E", "W")}`;
}

function parts(value: number, positive: string, negative: string): string {
  // in whole tenths of a second, so that 59.96 seconds become a minute and not 60.0
  const tenths = Math.round(Math.abs(value) * 36_000);
  const [degrees, minutes] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60];
  const seconds = (tenths % 600) / 10;
  const side = value < 0 && tenths > 0 ? negative : positive;
  return `${degrees}°${pad(minutes)}′${pad(Math.floor(seconds))}.${tenths % 10}″${side}`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}

/** 52S 663874 3629362: the metres are cut, as a grid's are. null near the poles. */
export function utmText([lon, lat]: readonly [number, number]): string | null {
  const utm = toUtm(lon, lat);
  if (!utm) return null;
  const [east, north] = [utm.easting, utm.northing].map((metres) => Math.floor(metres + 1e-6));
  return `${utm.zone}${utm.band} ${east} ${north}`;
}

/** 52S FB 63874 29362: a metre. null near the poles. */
export function mgrsText([lon, lat]: readonly [number, number]): string | null {
  const text = toMgrs(lon, lat);
  return text?.replace(/^(\d+[A-Z])([A-Z]{2})(\d{5})(\d{5})$/, "$1 $2 $3 $4") ?? null;
}

/** 4930-15-60: the squares of 1 km, 500 m and 250 m; null where the standard has none. */
export function meshText(at: readonly [number, number], length: 8 | 9 | 10): string | null {
  const code = meshCode(...at, length);
  const rest = code?.slice(8) ?? "";
  return (
    code &&
    [code.slice(0, 4), code.slice(4, 6), code.slice(6, 8), ...rest.split("")]
      .filter(Boolean)
      .join("-")
  );
}
