/** Lengths and areas on the WGS 84 ellipsoid, for what is measured by hand on a map. */

import type { Position } from "geojson";
import { distanceM } from "./geometry.ts";

const A = 6_378_137;
const F = 1 / 298.257223563;
const B = A * (1 - F);
const E2 = F * (2 - F);
const RAD = Math.PI / 180;
/** Radius of the sphere with the ellipsoid's surface (metres). */
const AUTHALIC_M = 6_371_007.181;

/** Metres along a line, corner by corner. */
export function lengthM(line: readonly Position[]): number {
  return line.slice(1).reduce((sum, to, at) => sum + geodesicM(line[at] ?? to, to), 0);
}

/** Metres of the shortest way between two positions (Vincenty 1975), to a millimetre. */
export function geodesicM(from: Position, to: Position): number {
  const [lonA = 0, latA = 0] = from;
  const [lonB = 0, latB = 0] = to;
  const apart = (((lonB - lonA + 540) % 360) - 180) * RAD;
  const [sinA, cosA] = reduced(latA);
  const [sinB, cosB] = reduced(latB);
  let lambda = apart;
  for (let turn = 0; turn < 50; turn += 1) {
    const cosL = Math.cos(lambda);
    const sin = Math.hypot(cosB * Math.sin(lambda), cosA * sinB - sinA * cosB * cosL);
    if (sin === 0) return 0;
    const cos = sinA * sinB + cosA * cosB * cosL;
    const sigma = Math.atan2(sin, cos);
    const azimuth = (cosA * cosB * Math.sin(lambda)) / sin;
    const square = 1 - azimuth ** 2;
    const middle = square === 0 ? 0 : cos - (2 * sinA * sinB) / square;
    const c = (F / 16) * square * (4 + F * (4 - 3 * square));
    const bend = sigma + c * sin * (middle + c * cos * (2 * middle ** 2 - 1));
    const next = apart + (1 - c) * F * azimuth * bend;
    if (Math.abs(next - lambda) < 1e-12) return arc(square, sigma, sin, cos, middle);
    lambda = next;
  }
  // nearly opposite on the globe: nobody measures that on a map of an incident
  return distanceM(from, to);
}

function reduced(lat: number): [number, number] {
  const angle = Math.atan((1 - F) * Math.tan(lat * RAD));
  return [Math.sin(angle), Math.cos(angle)];
}

function arc(square: number, sigma: number, sin: number, cos: number, middle: number): number {
  const u = (square * (A ** 2 - B ** 2)) / B ** 2;
  const a = 1 + (u / 16_384) * (4_096 + u * (-768 + u * (320 - 175 * u)));
  const b = (u / 1_024) * (256 + u * (-128 + u * (74 - 47 * u)));
  const inner = cos * (2 * middle ** 2 - 1);
  const outer = (b / 6) * middle * (4 * sin ** 2 - 3) * (4 * middle ** 2 - 3);
  return B * a * (sigma - b * sin * (middle + (b / 4) * (inner - outer)));
}

/** Square metres inside a ring, closed or not; edges run straight on a map of equal areas. */
export function areaM2(ring: readonly Position[]): number {
  const flat = ring.map(([lon = 0, lat = 0]) => [lon * RAD, sinAuthalic(lat)] as const);
  const [firstX = 0] = flat[0] ?? [];
  // around the first corner, so that nothing is lost to large numbers
  const twice = flat.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = flat[(at + 1) % flat.length] ?? [x, y];
    return sum + (x - firstX) * nextY - (nextX - firstX) * y;
  }, 0);
  return (Math.abs(twice) / 2) * AUTHALIC_M ** 2;
}

/** Sine of the latitude on the sphere of equal area. */
function sinAuthalic(lat: number): number {
  return q(Math.sin(lat * RAD)) / q(1);
}

function q(sin: number): number {
  const e = Math.sqrt(E2);
  return (1 - E2) * (sin / (1 - E2 * sin ** 2) + Math.atanh(e * sin) / e);
}
