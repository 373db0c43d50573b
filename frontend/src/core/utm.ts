/**
 * UTM and MGRS to degrees (WGS 84). Series of Krüger to the third order (Karney 2011): millimetres
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
  return [zone * 6 - 183 + degrees(lon), degrees(lat)];
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

/** Northing of a parallel on the middle of a zone, near enough to choose a cycle (metres). */
function northingOf(lat: number): number {
  const north = (lat * Math.PI * RADIUS * SCALE) / 180;
  return lat < 0 ? north + FALSE_SOUTH_M : north;
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
