/** The small picture that goes ahead of the original: upright JPEG of about 30 kB. */

/** Longest edge in pixels and JPEG quality, from the largest to what always fits. */
const STEPS = [
  [1024, 0.6],
  [1024, 0.45],
  [800, 0.5],
  [800, 0.4],
  [640, 0.5],
  [640, 0.4],
  [480, 0.4],
  [320, 0.4],
] as const;
const AIM_BYTES = 32 * 1024;
/** More than this the service refuses (LIMIT_PREVIEW_BYTES). */
const LIMIT_BYTES = 64 * 1024;

/** A drawing board: OffscreenCanvas in a worker, a canvas element in a page. */
export interface Board {
  readonly context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
  jpeg(quality: number): Promise<Blob | null>;
}

export type MakeBoard = (width: number, height: number) => Board;

/** null when this browser cannot decode the picture: the original goes all the same. */
export async function previewOf(picture: Blob, board: MakeBoard): Promise<ArrayBuffer | null> {
  const bitmap = await decoded(picture);
  if (!bitmap) return null;
  try {
    return await fitting(bitmap, board);
  } finally {
    bitmap.close();
  }
}

async function decoded(picture: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(picture, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

async function fitting(bitmap: ImageBitmap, makeBoard: MakeBoard): Promise<ArrayBuffer | null> {
  const boards = new Map<number, Board>();
  let smallest: Blob | null = null;
  for (const [edge, quality] of STEPS) {
    const board = boards.get(edge) ?? draw(bitmap, edge, makeBoard);
    boards.set(edge, board);
    const made = await board.jpeg(quality);
    if (made && (!smallest || made.size < smallest.size)) smallest = made;
    if (made && made.size <= AIM_BYTES) break;
  }
  return smallest && smallest.size <= LIMIT_BYTES ? smallest.arrayBuffer() : null;
}

function draw(bitmap: ImageBitmap, edge: number, makeBoard: MakeBoard): Board {
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const board = makeBoard(width, height);
  board.context.imageSmoothingQuality = "high";
  board.context.drawImage(bitmap, 0, 0, width, height);
  return board;
}
