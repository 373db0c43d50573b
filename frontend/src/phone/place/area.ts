/**
 * Map tiles that a person chose to keep, for where there will be no network. They lie in a cache of
 * their own that nothing else empties (service-worker/tiles.ts looks there first).
 */

import type { Box as Extent } from "../../core/geometry.ts";
import type { Box } from "../../outbox/box.ts";
import { KEPT_TILES } from "../../service-worker/caches.ts";
import { planOfIncident, type Tile, type TilePlan, tileUrl } from "./tile_range.ts";

/** A kept value of the box: the areas, newest first. */
export const AREAS = "kept_areas";
/** To say beforehand about how much it will be; over Kumamoto they are 0.7 to 7 kB, measured. */
export const TILE_BYTES = 3_000;
const TYPE = "application/vnd.mapbox-vector-tile";
const AT_ONCE = 6;

export interface KeptArea {
  readonly id: string;
  readonly extent: Extent;
  /** ms since 1970. */
  readonly keptAt: number;
  readonly tiles: readonly string[];
  readonly bytes: number;
}

export interface Progress {
  readonly done: number;
  readonly all: number;
}

/** Fetches what is missing. Rejects at the first tile that does not come, or when cancelled. */
export async function fetchTiles(
  tiles: readonly Tile[],
  told: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<number> {
  const cache = await caches.open(KEPT_TILES);
  const waiting = [...tiles];
  let [done, bytes] = [0, 0];
  const fetchOn = async () => {
    for (let tile = waiting.pop(); tile; tile = waiting.pop()) {
      signal.throwIfAborted();
      bytes += await fetchTile(cache, tileUrl(tile), signal);
      done += 1;
      told({ done, all: tiles.length });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchOn));
  return bytes;
}

/** Its size in bytes. */
async function fetchTile(cache: Cache, url: string, signal: AbortSignal): Promise<number> {
  const there = await cache.match(url, { ignoreVary: true });
  if (there) return (await there.arrayBuffer()).byteLength;
  const answer = await fetch(url, { signal });
  // a captive portal's page is no map
  if (answer.status !== 200 || answer.headers.get("Content-Type") !== TYPE) {
    throw new Error(`no map tile at ${url}`);
  }
  const body = await answer.arrayBuffer();
  await cache.put(url, new Response(body, { headers: { "Content-Type": TYPE } }));
  return body.byteLength;
}

export async function keptAreas(box: Box): Promise<readonly KeptArea[]> {
  return (await box.kept<readonly KeptArea[]>(AREAS)) ?? [];
}

export async function keepArea(
  box: Box,
  extent: Extent,
  { tiles }: TilePlan,
  told: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<KeptArea> {
  try {
    const bytes = await fetchTiles(tiles, told, signal);
    const made = { id: crypto.randomUUID(), extent, keptAt: Date.now(), bytes };
    const area: KeptArea = { ...made, tiles: tiles.map(tileUrl) };
    await box.keep(AREAS, [area, ...(await keptAreas(box))]);
    return area;
  } catch (error) {
    // half an area is nobody's, and would never be thrown away
    await forgetTiles(tiles.map(tileUrl), await keptAreas(box));
    throw error;
  }
}

export async function forgetArea(box: Box, id: string): Promise<void> {
  const areas = await keptAreas(box);
  const others = areas.filter((area) => area.id !== id);
  await box.keep(AREAS, others);
  await forgetTiles(areas.find((area) => area.id === id)?.tiles ?? [], others);
}

/** Only those that no other area needs. */
async function forgetTiles(tiles: readonly string[], others: readonly KeptArea[]): Promise<void> {
  const needed = new Set([...others.flatMap((area) => area.tiles), ...(await overviewTiles())]);
  const cache = await caches.open(KEPT_TILES);
  for (const url of tiles) if (!needed.has(url)) await cache.delete(url);
}

// Which tiles are an overview's is written into the cache itself: it goes where they go.
const OVERVIEW = "/tiles/basemap/overview/";

/** The incident as a whole, kept unasked at the first visit. */
export async function keepOverview(incident: string, extent: Extent): Promise<void> {
  if (!("caches" in globalThis)) return;
  const cache = await caches.open(KEPT_TILES);
  const { tiles } = planOfIncident(extent);
  const urls = JSON.stringify(tiles.map(tileUrl));
  const mark = `${OVERVIEW}${encodeURIComponent(incident)}`;
  const before = await cache.match(mark);
  if (before && (await before.text()) === urls) return;
  await fetchTiles(tiles, () => {}, AbortSignal.timeout(120_000));
  await cache.put(mark, new Response(urls, { headers: { "Content-Type": "application/json" } }));
}

async function overviewTiles(): Promise<string[]> {
  const cache = await caches.open(KEPT_TILES);
  const marks = (await cache.keys()).filter(({ url }) =>
    new URL(url).pathname.startsWith(OVERVIEW),
  );
  const lists = await Promise.all(marks.map(async (mark) => (await cache.match(mark))?.json()));
  return lists.flat() as string[];
}
