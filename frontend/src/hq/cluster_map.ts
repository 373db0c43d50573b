/** The clusters of a large incident on the desk's map. */

import type { Cluster } from "../core/clusters.ts";
import { hangsOnContext } from "../core/filter.ts";
import { ngettext, number, t } from "../core/language.ts";
import { bySeverityWorstFirst } from "../map/cluster_icon.ts";
import { ClusterMarks } from "../map/cluster_marks.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { ReportTiles } from "../map/report_tiles.ts";
import type { Desk } from "./desk.ts";

export function showClusters(map: LeafletMap, desk: Desk): void {
  const pick = (id: string) => desk.open(id);
  const marks = new ClusterMarks(map, desk.words, { pick, title: (one) => title(one, desk) });
  const tiles = new ReportTiles(
    map,
    () => ({ url: desk.page.urls.report_tiles, query: desk.query, v: desk.feedAt.value }),
    (clusters, seq) => {
      marks.show(clusters);
      desk.tilesHold.set(seq);
    },
  );
  desk.behind.watch(tiles.reading);
  const show = () => {
    if (desk.large.value && desk.clustered.value) tiles.show();
    else tiles.hide();
  };
  for (const changed of [desk.large, desk.clustered, desk.filter, desk.ownAreaOnly]) {
    changed.changed(show);
  }
  desk.feedAt.changed(() => tiles.soon());
  desk.context.changed(() => hangsOnContext(desk.filter.value) && tiles.soon());
}

/** "1,234 reports: 12 Danger to life, 30 Serious, …; 56 unconfirmed". */
function title({ count, bySeverity, unsorted, single }: Cluster, desk: Desk): string {
  if (single) return desk.words.label("category", single.category);
  const parts = bySeverityWorstFirst(bySeverity).map(
    ([code, n]) => `${desk.words.label("severity", code)} ${number(n)}`,
  );
  const received = desk.words.label("status", "received");
  const all = ngettext("{n} report", "{n} reports", count);
  return `${all} · ${parts.join(", ")} · ${received} ${number(unsorted)} · ${t("Click to come nearer")}`;
}
