/** Positions as a publisher types, clicks and sends them. WGS 84 degrees. */

import type { Position } from "geojson";

/** "32.79", full-width digits and a comma as the decimal point too; null for anything else. */
export function readDegrees(text: string, most: number): number | null {
  const plain = text.normalize("NFKC").trim().replace(",", ".");
  if (!/^-?\d{1,3}(\.\d+)?$/.test(plain)) return null;
  const degrees = Number(plain);
  return Math.abs(degrees) <= most ? degrees : null;
}

/** `[lon, lat]`, or null while one of the two is missing. */
export function readPoint(lon: string, lat: string): [number, number] | null {
  const [x, y] = [readDegrees(lon, 180), readDegrees(lat, 90)];
  return x === null || y === null ? null : [x, y];
}

// 7 decimals are a centimetre; more would pretend.
export function writeDegrees(degrees: number): string {
  return degrees.toFixed(7).replace(/\.?0+$/, "");
}

/** A line as the form sends it: "lon,lat lon,lat"; "" for less than two points. */
export function writeLine(points: readonly Position[]): string {
  if (points.length < 2) return "";
  return points.map(([lon = 0, lat = 0]) => `${writeDegrees(lon)},${writeDegrees(lat)}`).join(" ");
}

/** What `writeLine` has written. */
export function readLine(text: string): Position[] {
  const points = text.split(" ").map((pair) => {
    const [lon = "", lat = ""] = pair.split(",");
    return readPoint(lon, lat);
  });
  return points.filter((point) => point !== null);
}
