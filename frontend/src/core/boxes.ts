/** Boxes on a picture, as shares of its width and height: where something is filled in. */

/** Left, top, width, height; each 0 to 1. */
export type PhotoBox = readonly [number, number, number, number];
export type Spot = readonly [number, number];

/** Smaller is a slip of the hand. */
const LEAST = 0.015;
/** What a box added by key begins with. */
const FIRST: PhotoBox = [0.4, 0.4, 0.2, 0.2];

/** The box between two corners, wherever they were drawn from; null for a mere press. */
export function between(a: Spot, b: Spot): PhotoBox | null {
  const [left, right] = ends(a[0], b[0]);
  const [top, bottom] = ends(a[1], b[1]);
  const [width, height] = [right - left, bottom - top];
  return width < LEAST || height < LEAST ? null : tidy([left, top, width, height]);
}

/** A new one in the middle, beside those that are there. */
export function another(boxes: readonly PhotoBox[]): PhotoBox {
  const shift = (boxes.length % 5) * 0.04;
  return moved(FIRST, shift, shift);
}

export function moved([x, y, width, height]: PhotoBox, right: number, down: number): PhotoBox {
  return tidy([held(x + right, 0, 1 - width), held(y + down, 0, 1 - height), width, height]);
}

/** By its lower right corner. */
export function grown([x, y, width, height]: PhotoBox, right: number, down: number): PhotoBox {
  return tidy([x, y, held(width + right, LEAST, 1 - x), held(height + down, LEAST, 1 - y)]);
}

function ends(a: number, b: number): [number, number] {
  const [low, high] = a < b ? [a, b] : [b, a];
  return [held(low, 0, 1), held(high, 0, 1)];
}

function held(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Four decimals are a third of a pixel of the picture. */
function tidy(box: PhotoBox): PhotoBox {
  const [x, y, width, height] = box.map((share) => Math.round(share * 1e4) / 1e4);
  return [x ?? 0, y ?? 0, width ?? 0, height ?? 0];
}
