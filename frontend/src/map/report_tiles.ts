/** Reports by the tile: clusters that the server counts, for views that hold too many marks. */

import { type Cluster, clustered, type TilePoint, tilePoints } from "../core/clusters.ts";
import { givingUp } from "../core/giving_up.ts";
import { decodeTile } from "../core/mvt.ts";
import { PacedReading } from "../core/pacing.ts";
import type { LeafletMap } from "./leaflet.ts";

/** Side of a tile on the screen; 256 would be four times as many requests. */
const TILE_PX = 512;
/** Marks have so much room (px). */
const CELL_PX = 56;
/** Requests at the same time: the list and the feed need the line, too. */
const AT_ONCE = 4;
const MOST_KEPT = 200;
/** A tile that takes longer is as good as none (ms). */
const TILE_MS = 20_000;

export interface TilesAsked {
  /** `{z}`, `{x}` and `{y}` stand for the tile's. */
  readonly url: string;
  /** The list's filters. */
  readonly query: URLSearchParams;
  /** How far the feed has come: a tile that knows more is worth asking for. */
  readonly v: number;
}

interface Kept {
  /** The feed's position that it holds. */
  readonly seq: number;
  readonly points: readonly TilePoint[];
}

interface Place {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  readonly key: string;
}

export class ReportTiles {
  private readonly map: LeafletMap;
  private readonly asked: () => TilesAsked;
  private readonly drawn: (clusters: readonly Cluster[], seq: number) => void;
  readonly reading = new PacedReading((unwanted) => this.read(unwanted));
  private kept = new Map<string, Kept>();
  private filters = "";
  private shown = false;

  /** drawn: what is to be on the map, and up to which position of the feed it holds everything. */
  constructor(
    map: LeafletMap,
    asked: () => TilesAsked,
    drawn: (clusters: readonly Cluster[], seq: number) => void,
  ) {
    this.map = map;
    this.asked = asked;
    this.drawn = drawn;
    map.on("moveend", () => {
      if (this.shown) this.reading.now();
    });
  }

  /** Begins, or reads with other filters. */
  show(): void {
    if (this.shown) this.reading.settled();
    else this.reading.now();
    this.shown = true;
  }

  hide(): void {
    if (!this.shown) return;
    this.shown = false;
    this.reading.stop();
    this.kept.clear();
    this.drawn([], 0);
  }

  /** The feed has told something. */
  soon(): void {
    if (this.shown) this.reading.soon();
  }

  private async read(unwanted: AbortSignal): Promise<void> {
    const asked = this.asked();
    const filters = asked.query.toString();
    const places = this.places();
    // what is known of these filters stands until its successor has come
    if (filters === this.filters) this.draw(places);
    const fresh = new Map<string, Kept>();
    const waiting = [...places];
    const work = async () => {
      for (let next = waiting.shift(); next && !unwanted.aborted; next = waiting.shift()) {
        fresh.set(next.key, await this.fetchTile(next, asked, unwanted));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (unwanted.aborted || !this.shown) return;
    this.keep(fresh, filters);
    this.draw(places);
  }

  private keep(fresh: ReadonlyMap<string, Kept>, filters: string): void {
    if (filters !== this.filters) this.kept.clear();
    this.filters = filters;
    for (const [key, tile] of fresh) {
      this.kept.delete(key);
      this.kept.set(key, tile);
    }
    for (const key of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(key);
    }
  }

  private async fetchTile(
    place: Place,
    { url, query, v }: TilesAsked,
    unwanted: AbortSignal,
  ): Promise<Kept> {
    const address = url
      .replace("{z}", String(place.z))
      .replace("{x}", String(place.x))
      .replace("{y}", String(place.y));
    const asked = new URLSearchParams(query);
    asked.set("v", String(v));
    const signal = givingUp(TILE_MS, unwanted);
    const answer = await fetch(`${address}?${asked}`, { credentials: "same-origin", signal });
    if (!answer.ok) throw new Error(`tile: HTTP ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const seq = Number(answer.headers.get("X-Feed-Seq") ?? 0);
    return { seq, points: tilePoints(decodeTile(bytes), place) };
  }

  private draw(places: readonly Place[]): void {
    const tiles = places.flatMap(({ key }) => this.kept.get(key) ?? []);
    if (tiles.length === 0 && places.length > 0) return;
    const cells = Math.round((256 * 2 ** this.map.getZoom()) / CELL_PX);
    const seq = tiles.length < places.length ? 0 : Math.min(...tiles.map((tile) => tile.seq));
    this.drawn(
      clustered(
        tiles.flatMap((tile) => tile.points),
        cells,
      ),
      seq,
    );
  }

  /** The tiles in sight; those over the date line come from the other side. */
  private places(): Place[] {
    const zoom = Math.round(this.map.getZoom());
    const z = Math.max(0, zoom - Math.log2(TILE_PX / 256));
    const side = 2 ** z;
    const bounds = this.map.getPixelBounds();
    const px = (256 * 2 ** this.map.getZoom()) / side;
    const [left, right] = [(bounds.min?.x ?? 0) / px, (bounds.max?.x ?? 0) / px];
    const [top, bottom] = [(bounds.min?.y ?? 0) / px, (bounds.max?.y ?? 0) / px];
    const found = new Map<string, Place>();
    for (let y = Math.max(0, Math.floor(top)); y <= Math.min(side - 1, bottom); y++) {
      for (let x = Math.floor(left); x <= right; x++) {
        const wrapped = ((x % side) + side) % side;
        const key = `${z}/${wrapped}/${y}`;
        found.set(key, { z, x: wrapped, y, key });
      }
    }
    return [...found.values()];
  }
}
