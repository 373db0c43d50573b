/** Clusters on the map, each changed in place. A click comes nearer, or opens what stands alone. */

import type { Cluster } from "../core/clusters.ts";
import { rank } from "../core/filter.ts";
import type { Report } from "../core/report.ts";
import { Slices } from "../core/slices.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { bySeverityWorstFirst, clusterIcon } from "./cluster_icon.ts";
import { L, type LatLng, type LeafletMap, type Marker } from "./leaflet.ts";
import { reportMark } from "./report_icon.ts";

/** Zoom levels that a click on a cluster takes. */
const NEARER = 2;

export interface ClusterHandlers {
  readonly pick: (id: string) => void;
  /** For the tooltip. */
  readonly title: (cluster: Cluster) => string;
}

interface Looking {
  readonly cluster: Cluster;
  readonly look: string;
}

interface Drawn {
  readonly look: string;
  readonly marker: Marker;
}

export class ClusterMarks {
  private readonly drawn = new Map<string, Drawn>();
  private readonly slices = new Slices<Looking>((looking) => this.draw(looking));
  private readonly map: LeafletMap;
  private readonly words: Vocabulary;
  private readonly handlers: ClusterHandlers;

  constructor(map: LeafletMap, words: Vocabulary, handlers: ClusterHandlers) {
    this.map = map;
    this.words = words;
    this.handlers = handlers;
  }

  show(clusters: readonly Cluster[]): void {
    const wanted = new Set(clusters.map((cluster) => cluster.key));
    for (const [key, { marker }] of this.drawn) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.drawn.delete(key);
    }
    const looking = clusters.map((cluster) => ({ cluster, look: JSON.stringify(cluster) }));
    this.slices.begin(looking.filter(({ cluster, look }) => this.lookOf(cluster) !== look));
  }

  private lookOf({ key }: Cluster): string | undefined {
    return this.drawn.get(key)?.look;
  }

  private draw({ cluster, look }: Looking): void {
    this.drawn.get(cluster.key)?.marker.remove();
    this.drawn.set(cluster.key, { look, marker: this.marker(cluster).addTo(this.map) });
  }

  private marker(cluster: Cluster): Marker {
    const [worst = "unknown"] = bySeverityWorstFirst(cluster.bySeverity)[0] ?? [];
    const place = placeOf(cluster);
    const marker = L.marker(place, {
      // the list beside the map is the way by keyboard
      keyboard: false,
      title: this.handlers.title(cluster),
      icon: this.icon(cluster),
      zIndexOffset: (5 - rank(worst)) * 200,
    });
    return marker.on("click", () => this.clicked(cluster, place));
  }

  private icon({ single, count, bySeverity }: Cluster) {
    const drawing = single
      ? reportMark(asReport(single), this.words)
      : clusterIcon(count, bySeverity);
    const html = drawing as unknown as HTMLElement;
    return L.divIcon({ html, className: "report-place", iconSize: [0, 0] });
  }

  private clicked({ single }: Cluster, place: LatLng): void {
    if (single) this.handlers.pick(single.id);
    else this.map.setView(place, Math.min(this.map.getZoom() + NEARER, this.map.getMaxZoom()));
  }
}

/** Enough of a report to draw its mark. */
function asReport({ id, ...properties }: NonNullable<Cluster["single"]>): Report {
  return { type: "Feature", id, geometry: null, properties } as unknown as Report;
}

function placeOf({ x, y }: Cluster): LatLng {
  const angle = Math.PI * (1 - 2 * y);
  return L.latLng((Math.atan(Math.sinh(angle)) * 180) / Math.PI, x * 360 - 180);
}
