/** The map beside the list of places: what of the layer is in view, each leading to its page. */

import { Api } from "../core/api.ts";
import { language, number, t } from "../core/language.ts";
import type { LayerFeature, LayerFeatures, LayerInfo } from "../core/layer.ts";
import { Vocabulary } from "../core/vocabulary.ts";
import { el } from "../dom/element.ts";
import { addBasemap } from "../map/basemap.ts";
import { L, type LeafletMap } from "../map/leaflet.ts";
import { SupportLayer } from "../map/support_layer.ts";
import { viewBox, watchZoom } from "../map/view.ts";
import type { PlacesData } from "./places_data.ts";

const MOST = 2_000;
const WAIT_MS = 200;

export function showPlaces(page: PlacesData, map: LeafletMap): void {
  addBasemap(map);
  watchZoom(map);
  const layer = drawn(page, map);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void read(page, map, layer), WAIT_MS);
  };
  map.on("moveend", later);
  // somebody else may have set a state while this page lay in the background
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) later();
  });
  goToExtent(page, map);
  later();
}

/** [west, south, east, north] of what has a place. */
export function goToExtent(page: PlacesData, map: LeafletMap): void {
  if (!page.extent) return;
  const [west, south, east, north] = page.extent;
  const bounds = L.latLngBounds([south, west], [north, east]);
  map.fitBounds(bounds, { maxZoom: 15, animate: false, padding: [24, 24] });
}

function drawn(page: PlacesData, map: LeafletMap): SupportLayer {
  const info: LayerInfo = page.layer;
  const words = new Vocabulary(page.vocabulary);
  const layer = new SupportLayer(map, info, words, {
    title: (feature) => nameOf(feature, page),
    pick: (feature) => {
      const box = feature.geometry && L.geoJSON(feature.geometry).getBounds();
      if (!box?.isValid()) return;
      L.popup()
        .setLatLng(box.getCenter())
        .setContent(popup(feature, page, words))
        .openOn(map);
    },
  });
  layer.setShown(true);
  return layer;
}

async function read(page: PlacesData, map: LeafletMap, layer: SupportLayer): Promise<void> {
  const line = document.querySelector<HTMLElement>("[data-map-words]");
  const api = new Api({ csrf: page.csrf });
  try {
    const bbox = viewBox(map).map((degrees) => degrees.toFixed(6));
    const query = new URLSearchParams({ bbox: bbox.join(","), limit: String(MOST) });
    const { features, numberMatched: all } = await api.get<LayerFeatures>(
      `${page.urls.features}?${query}`,
    );
    layer.fill(features);
    if (line) line.textContent = inView(features.length, all ?? features.length);
  } catch {
    if (line) line.textContent = t("The places cannot be read just now.");
  }
}

function inView(shown: number, all: number): string {
  if (shown === all) return t("In this view: {n}", { n: number(all) });
  const counts = { shown: number(shown), n: number(all) };
  return t("Drawn: {shown} of {n} in this view. Go closer to see the others.", counts);
}

function nameOf({ properties }: LayerFeature, page: PlacesData): string {
  return (language() === "en" && properties.name_en) || properties.name || page.layer.title;
}

function popup(feature: LayerFeature, page: PlacesData, words: Vocabulary): HTMLElement {
  const { state, address, feature_id: id } = feature.properties;
  const kinds = words.term("layer_kind", page.layer.kind)?.states ?? {};
  const said = Object.entries(kinds).map(([field, codes]) => {
    const code = state?.[field as "operation" | "congestion" | "traffic"];
    return code ? words.label(codes, code) : null;
  });
  const path = page.place.replace("{id}", encodeURIComponent(id ?? ""));
  return el(
    "div",
    { class: "popup" },
    el("strong", {}, nameOf(feature, page)),
    el("p", {}, said.filter(Boolean).join(" · ") || t("State not reported")),
    address ? el("p", {}, address) : null,
    el("p", {}, el("a", { href: path }, t("Open this place"))),
  );
}
