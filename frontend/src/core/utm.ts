/**
 * UTM and MGRS to degrees and back (WGS 84). Series of Krüger to the third order (Karney 2011): millimetres
 * within a zone.
 */

const A = 6_378_137;
const F = 1 / 298.257223563;
const N = F / (2 - F);
const RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const SCALE = 0.9996;
const BETA = [
  N / 2 - (2 / 3) * N ** 2 + (37 / 96) * N ** 3,
  N ** 2 / 48 + N ** 3 / 15,
  (17 / 480) * N ** 3,
];
const ALPHA = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3,
  (61 / 240) * N ** 3,
];
const ECCENTRICITY = Math.sqrt(F * (2 - F));
const DELTA = [
  2 * N - (2 / 3) * N ** 2 - 2 * N ** 3,
  (7 / 3) * N ** 2 - (8 / 5) * N ** 3,
  (56 / 15) * N ** 3,
];
const FALSE_EAST_M = 500_000;
const FALSE_SOUTH_M = 10_000_000;

/** `[lon, lat]`; metres as on the map, south of the equator with its false northing. */
export function fromUtm(
  zone: number,
  northern: boolean,
  easting: number,
  northing: number,
): [number, number] {
  const xi = (northing - (northern ? 0 : FALSE_SOUTH_M)) / (SCALE * RADIUS);
  const eta = (easting - FALSE_EAST_M) / (SCALE * RADIUS);
  let [x, y] = [xi, eta];
  BETA.forEach((beta, at) => {
    const k = 2 * (at + 1);
    x -= beta * Math.sin(k * xi) * Math.cosh(k * eta);
    y -= beta * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  const chi = Math.asin(Math.sin(x) / Math.cosh(y));
  let lat = chi;
  DELTA.forEach((delta, at) => {
    lat += delta * Math.sin(2 * (at + 1) * chi);
  });
  const lon = Math.atan2(Math.sinh(y), Math.cos(x));
  // the grid of zone 1 begins a little west of 180 degrees
  return [((zone * 6 - 183 + degrees(lon) + 540) % 360) - 180, degrees(lat)];
}

export interface Utm {
  readonly zone: number;
  /** C to X without I and O; N and later are north of the equator. */
  readonly band: string;
  /** Metres. */
  readonly easting: number;
  readonly northing: number;
}

/** null nearer to a pole than the grid reaches: south of 80 and north of 84 degrees. */
export function toUtm(lon: number, lat: number): Utm | null {
  if (!(lat >= -80 && lat <= 84)) return null;
  const east = ((((lon + 180) % 360) + 360) % 360) - 180;
  const zone = zoneOf(east, lat);
  const band = BANDS[Math.min(19, Math.floor((lat + 80) / 8))] ?? "";
  const [x, y] = project(east - (zone * 6 - 183), lat);
  const northing = lat < 0 ? y + FALSE_SOUTH_M : y;
  return { zone, band, easting: x + FALSE_EAST_M, northing };
}

/** Metres east of the middle of a zone and north of the equator. */
function project(fromMiddle: number, lat: number): [number, number] {
  const [lambda, sin] = [radians(fromMiddle), Math.sin(radians(lat))];
  const t = Math.sinh(Math.atanh(sin) - ECCENTRICITY * Math.atanh(ECCENTRICITY * sin));
  const xi = Math.atan2(t, Math.cos(lambda));
  const eta = Math.atanh(Math.sin(lambda) / Math.hypot(1, t));
  let [x, y] = [eta, xi];
  ALPHA.forEach((alpha, at) => {
    const k = 2 * (at + 1);
    x += alpha * Math.cos(k * xi) * Math.sinh(k * eta);
    y += alpha * Math.sin(k * xi) * Math.cosh(k * eta);
  });
  return [SCALE * RADIUS * x, SCALE * RADIUS * y];
}

/** Six degrees each; wider off Norway, and three of four around Svalbard. */
function zoneOf(lon: number, lat: number): number {
  if (lat >= 56 && lat < 64 && lon >= 3 && lon < 12) return 32;
  if (lat >= 72 && lon >= 0 && lon < 42) return [31, 33, 35, 37][Math.floor((lon + 3) / 12)] ?? 31;
  return Math.floor((lon + 180) / 6) + 1;
}

const BANDS = "CDEFGHJKLMNPQRSTUVWX";
const COLUMNS = ["STUVWXYZ", "ABCDEFGH", "JKLMNPQR"];
const ROWS = "ABCDEFGHJKLMNPQRSTUV";
const SQUARE_M = 100_000;
const CYCLE_M = 2_000_000;

/** `[lon, lat]` of the middle of the square; `digits` as in 52S FB 1234 5678; null where none. */
export function fromMgrs(
  zone: number,
  band: string,
  square: string,
  digits: string,
): [number, number] | null {
  const column = COLUMNS[zone % 3]?.indexOf(square[0] ?? "") ?? -1;
  const row = ROWS.indexOf(square[1] ?? "");
  const south = BANDS.indexOf(band) * 8 - 80;
  if (column < 0 || row < 0 || south < -80 || digits.length % 2) return null;
  const half = digits.length / 2;
  const size = SQUARE_M / 10 ** half;
  const within = (text: string) => Number(text || "0") * size + size / 2;
  const east = (column + 1) * SQUARE_M + within(digits.slice(0, half));
  const shift = zone % 2 ? 0 : 5;
  let north = ((row - shift + 20) % 20) * SQUARE_M + within(digits.slice(half));
  // rows repeat every 2,000 km: the first that lies in the band
  const least = northingOf(south) - SQUARE_M;
  while (north < least) north += CYCLE_M;
  return fromUtm(zone, band >= "N", east, north);
}

/** "52SFB6387529362": `digits` of each number, 5 = 1 m; the square that holds the place. */
export function toMgrs(lon: number, lat: number, digits = 5): string | null {
  const utm = toUtm(lon, lat);
  if (!utm) return null;
  // a millionth of a metre: what lies on a line belongs to the square beyond
  const [east, north] = [Math.floor(utm.easting + 1e-6), Math.floor(utm.northing + 1e-6)];
  const column = COLUMNS[utm.zone % 3]?.[Math.floor(east / SQUARE_M) - 1] ?? "";
  const shift = utm.zone % 2 ? 0 : 5;
  const row = ROWS[(Math.floor(north / SQUARE_M) + shift) % 20] ?? "";
  const within = (metres: number) =>
    String(metres % SQUARE_M)
      .padStart(5, "0")
      .slice(0, digits);
  return `${utm.zone}${utm.band}${column}${row}${within(east)}${within(north)}`;
}

/** Northing of a parallel on the middle of a zone, near enough to choose a cycle (metres). */
function northingOf(lat: number): number {
  const north = (lat * Math.PI * RADIUS * SCALE) / 180;
  return lat < 0 ? north + FALSE_SOUTH_M : north;
}

function degrees(angle: number): number {
  return (angle * 180) / Math.PI;
}

function radians(angle: number): number {
  return (angle * Math.PI) / 180;
}
