/** Which way the camera looked, from what the phone's sensors say. Pure; degrees. */

/** What a deviceorientation event tells (W3C Device Orientation; iOS adds the compass itself). */
export interface Turned {
  readonly absolute?: boolean;
  readonly alpha: number | null;
  readonly beta: number | null;
  readonly gamma: number | null;
  /** Degrees clockwise from north of the phone's top; iOS only. */
  readonly webkitCompassHeading?: number;
  /** Degrees it may be wrong by; negative: not calibrated. */
  readonly webkitCompassAccuracy?: number;
}

// a compass that is so wrong points into another street
const WORST_ACCURACY = 45;
// the camera looks so far to the ground that "where to" is the phone's top edge
const DOWNWARDS = 0.5;
const RAD = Math.PI / 180;

/** Clockwise from north, 0 <= heading < 360; null when unsure. Zero is north, not "nothing". */
export function headingOf(turned: Turned, screenAngle: number): number | null {
  const { webkitCompassHeading: compass, webkitCompassAccuracy: accuracy } = turned;
  if (typeof compass === "number") {
    const sure = accuracy === undefined || (accuracy >= 0 && accuracy <= WORST_ACCURACY);
    return sure ? tidy(compass + screenAngle) : null;
  }
  const { alpha, beta, gamma } = turned;
  if (turned.absolute !== true || alpha === null || beta === null || gamma === null) return null;
  return ofCamera(alpha, beta, gamma) ?? tidy(360 - alpha + screenAngle);
}

/** Of the back of the phone, however it is held; null while that looks at the ground or the sky. */
function ofCamera(alpha: number, beta: number, gamma: number): number | null {
  const [a, b, g] = [alpha * RAD, beta * RAD, gamma * RAD];
  const east = -Math.cos(a) * Math.sin(g) - Math.sin(a) * Math.sin(b) * Math.cos(g);
  const north = -Math.sin(a) * Math.sin(g) + Math.cos(a) * Math.sin(b) * Math.cos(g);
  return Math.hypot(east, north) < DOWNWARDS ? null : tidy(Math.atan2(east, north) / RAD);
}

function tidy(degrees: number): number | null {
  if (!Number.isFinite(degrees)) return null;
  const rounded = Math.round((((degrees % 360) + 360) % 360) * 10) / 10;
  return rounded === 360 ? 0 : rounded;
}
