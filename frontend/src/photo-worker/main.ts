/**
 * The darkroom beside the page's own thread: SHA-256, small picture and EXIF facts of one photo.
 * It takes the bytes out of the box itself, so that the page never holds them.
 */

import { Box } from "../outbox/box.ts";
import { hex, sha256 } from "../outbox/digest.ts";
import { factsOf } from "./facts.ts";
import type { Found, Wanted } from "./order.ts";
import { type Board, previewOf } from "./preview.ts";

const box = new Box();

addEventListener("message", (event: MessageEvent<Wanted>) => {
  void answer(event.data);
});

async function answer({ photo, type, facts }: Wanted): Promise<void> {
  postMessage(await developed(photo, type, facts).catch(() => failed(photo)));
}

async function developed(photo: string, type: string, facts: boolean): Promise<Found> {
  const bytes = await box.bytes(photo, "original");
  if (!bytes) return failed(photo);
  const digest = hex(await sha256(bytes));
  const says = facts ? await factsOf(bytes) : null;
  const canDraw = typeof OffscreenCanvas !== "undefined";
  const preview = canDraw ? await previewOf(new Blob([bytes], { type }), offscreen) : null;
  return { photo, sha256: digest, says, preview, canDraw };
}

function failed(photo: string): Found {
  return { photo, sha256: null, says: null, preview: null, canDraw: true };
}

function offscreen(width: number, height: number): Board {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no drawing here");
  return { context, jpeg: (quality) => canvas.convertToBlob({ type: "image/jpeg", quality }) };
}
