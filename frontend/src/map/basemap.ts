/**
 * The map under everything: the built-in one at once, without any network; over it the operator's
 * PMTiles file, or else the tiles of 国土地理院 while they can be had.
 */

import { PMTiles } from "pmtiles";
import { leafletLayer } from "protomaps-leaflet";
import { labelRules, paintRules, seaColour, type Theme } from "./basemap_style.ts";
import { L, type Layer, type LeafletMap } from "./leaflet.ts";

export interface BasemapOptions {
  /** Default: follows `data-theme` on <html>, or the system. */
  readonly theme?: Theme;
  /** Default: the page's language. Anything but Japanese shows names in letters. */
  readonly language?: string;
  /** Whether to ask 国土地理院 at all. */
  readonly gsi?: boolean;
  /** URL of the operator's file, ending in .pmtiles (Protomaps basemap schema). */
  readonly pmtiles?: string;
  readonly tilesUrl?: string;
}

const TILES = "/tiles/basemap/{z}/{x}/{y}.mvt";
const GSI = "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png";
const GSI_TRIAL = GSI.replace("{z}/{x}/{y}", "8/220/103");
const GSI_CREDIT =
  '<a href="https://maps.gsi.go.jp/development/ichiran.html" rel="noopener">国土地理院</a>';
const OWN_CREDIT =
  "国土数値情報・通れる道マップ（国土交通省）を加工, Geolonia 住所データ, Natural Earth";
// the traces our roads come from end at 32.79 degrees north: say it where the map is read
const OWN_LIMIT = { ja: "内蔵地図の道路は一部のみ", en: "Built-in map: only some of the roads" };
const JAPAN: [[number, number], [number, number]] = [
  [20, 122],
  [46.5, 154.5],
];
const RETRY_MS = 3 * 60_000;
const TRIAL_MS = 8_000;
// tiles of open sea are missing at 国土地理院 too; only so many in a row mean it is out of reach
const FAILURES = 8;

/** Until the map is removed. */
export function addBasemap(map: LeafletMap, options: BasemapOptions = {}): void {
  const removed = new AbortController();
  map.on("unload", () => removed.abort());
  pane(map, "basemap", 150);
  pane(map, "basemap-over", 160);
  const language = options.language ?? document.documentElement.lang;
  let shown: Layer | undefined;
  const draw = () => {
    const theme = options.theme ?? pageTheme();
    shown?.remove();
    shown = builtIn(options.tilesUrl ?? TILES, theme, language).addTo(map);
    map.getContainer().style.background = seaColour(theme);
    mute(map, theme);
  };
  draw();
  if (!options.theme) onThemeChange(draw, removed.signal);
  if (options.pmtiles) void showPmtiles(map, options.pmtiles, options, language);
  else if (options.gsi !== false) new Gsi(map, removed.signal).start();
}

function pane(map: LeafletMap, name: string, zIndex: number): void {
  const element = map.getPane(name) ?? map.createPane(name);
  element.style.zIndex = String(zIndex);
  element.style.pointerEvents = "none";
}

function pageTheme(): Theme {
  const set = document.documentElement.dataset.theme;
  if (set === "light" || set === "dark") return set;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function onThemeChange(draw: () => void, signal: AbortSignal): void {
  let last = pageTheme();
  const check = () => {
    if (pageTheme() === last) return;
    last = pageTheme();
    draw();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", check, { signal });
  const chosen = new MutationObserver(check);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  signal.addEventListener("abort", () => chosen.disconnect());
}

/** The photo-bright tiles of others, as quiet as ours; inverted at night. */
function mute(map: LeafletMap, theme: Theme): void {
  const over = map.getPane("basemap-over");
  if (!over) return;
  over.style.filter =
    theme === "dark"
      ? "invert(1) hue-rotate(180deg) saturate(0.35) brightness(0.8)"
      : "saturate(0.55)";
}

function builtIn(url: string, theme: Theme, language: string): Layer {
  return leafletLayer({
    url,
    pane: "basemap",
    attribution: `${OWN_LIMIT[language.startsWith("ja") ? "ja" : "en"]} | ${OWN_CREDIT}`,
    maxDataZoom: 15,
    backgroundColor: seaColour(theme),
    paintRules: paintRules(theme),
    labelRules: labelRules(theme, language),
    lang: language,
  }) as unknown as Layer;
}

/** The file's header is read first: a missing file leaves the built-in map as it is. */
async function showPmtiles(
  map: LeafletMap,
  url: string,
  options: BasemapOptions,
  language: string,
): Promise<void> {
  try {
    await new PMTiles(url).getHeader();
  } catch {
    return;
  }
  const theme = options.theme ?? pageTheme();
  const layer = leafletLayer({
    url,
    pane: "basemap-over",
    flavor: theme === "dark" ? "black" : "grayscale",
    lang: language,
    attribution: '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>',
  });
  (layer as unknown as Layer).addTo(map);
}

/** Shows the tiles of 国土地理院 while they load; without network asks for one tile now and then. */
class Gsi {
  private readonly map: LeafletMap;
  private readonly tiles: L.TileLayer;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly removed: AbortSignal;

  constructor(map: LeafletMap, removed: AbortSignal) {
    this.map = map;
    this.removed = removed;
    removed.addEventListener("abort", () => clearTimeout(this.timer));
    this.tiles = L.tileLayer(GSI, {
      pane: "basemap-over",
      attribution: GSI_CREDIT,
      bounds: JAPAN,
      minZoom: 5,
      maxNativeZoom: 18,
      maxZoom: 19,
    });
    this.tiles.on("tileload", () => {
      this.failures = 0;
    });
    this.tiles.on("tileerror", () => this.failed());
  }

  start(): void {
    addEventListener("online", () => this.tryOnce(), { signal: this.removed });
    this.tryOnce();
  }

  private tryOnce(): void {
    if (this.map.hasLayer(this.tiles)) return;
    void reachable().then((yes) => {
      if (this.removed.aborted) return;
      if (yes) this.show();
      else this.later();
    });
  }

  private show(): void {
    this.failures = 0;
    this.tiles.addTo(this.map);
  }

  private failed(): void {
    this.failures += 1;
    if (this.failures !== FAILURES) return;
    void reachable().then((yes) => {
      if (yes || this.removed.aborted) return;
      this.tiles.remove();
      this.later();
    });
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tryOnce(), RETRY_MS);
  }
}

/** Whether one tile really loads. */
function reachable(): Promise<boolean> {
  if (!navigator.onLine) return Promise.resolve(false);
  return new Promise((resolve) => {
    const image = new Image();
    const giveUp = setTimeout(() => resolve(false), TRIAL_MS);
    const settle = (yes: boolean) => {
      clearTimeout(giveUp);
      resolve(yes);
    };
    image.onload = () => settle(true);
    image.onerror = () => settle(false);
    image.src = `${GSI_TRIAL}?${Date.now()}`;
  });
}
