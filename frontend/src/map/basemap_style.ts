/**
 * How the built-in map looks: muted, so that reports and support layers carry the colour.
 * Canvas cannot read CSS variables while it paints, so its neutrals stand here; they are the
 * tokens' ground and text, shifted towards land and sea, and nothing here is saturated.
 */

import {
  CenteredTextSymbolizer,
  exp,
  type Feature,
  type LabelRule,
  LineLabelSymbolizer,
  LineSymbolizer,
  type PaintRule,
  PolygonSymbolizer,
} from "protomaps-leaflet";

export type Theme = "light" | "dark";

interface Palette {
  readonly sea: string;
  readonly land: string;
  readonly coast: string;
  readonly border: string;
  readonly casing: string;
  readonly thin: string;
  readonly minor: string;
  readonly main: string;
  readonly national: string;
  readonly expressway: string;
  readonly halo: string;
  readonly label: string;
  readonly labelSoft: string;
  readonly roadLabel: string;
}

const PALETTES: Record<Theme, Palette> = {
  light: {
    sea: "#cfdae1",
    land: "#f3f3f0",
    coast: "#9fb0bb",
    border: "#a59fae",
    casing: "#c3c2bc",
    thin: "#bdbcb5",
    minor: "#ffffff",
    main: "#ffffff",
    national: "#f4e9cf",
    expressway: "#c9d3c4",
    halo: "#f7f7f5",
    label: "#3a4249",
    labelSoft: "#656f78",
    roadLabel: "#6a6552",
  },
  dark: {
    sea: "#0f161b",
    land: "#22282d",
    coast: "#46545e",
    border: "#67606f",
    casing: "#181d21",
    thin: "#4f5a63",
    minor: "#39424a",
    main: "#465059",
    national: "#5b5747",
    expressway: "#4c5a50",
    halo: "#171c20",
    label: "#c3ccd4",
    labelSoft: "#98a3ad",
    roadLabel: "#aaa58f",
  },
};

const FONT = 'system-ui, "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", sans-serif';

export function seaColour(theme: Theme): string {
  return PALETTES[theme].sea;
}

function ofKind(...kinds: string[]): (zoom: number, feature: Feature) => boolean {
  return (_zoom, feature) => kinds.includes(String(feature.props.kind));
}

/** Road widths in pixels by map zoom; the casing is 1.5 px wider. */
const ROADS: Record<string, { from: number; width: [number, number][] }> = {
  minor: {
    from: 12,
    width: [
      [12, 0.4],
      [13, 0.7],
      [15, 2.4],
      [17, 6],
    ],
  },
  main: {
    from: 10,
    width: [
      [10, 0.7],
      [12, 1.6],
      [13, 2.4],
      [15, 4.5],
      [17, 10],
    ],
  },
  national: {
    from: 7,
    width: [
      [7, 0.7],
      [10, 1.6],
      [12, 2.6],
      [13, 3.6],
      [15, 6],
      [17, 13],
    ],
  },
  expressway: {
    from: 7,
    width: [
      [7, 0.9],
      [10, 2],
      [12, 3],
      [13, 4],
      [15, 6.5],
      [17, 14],
    ],
  },
};

function roadRules(palette: Palette): PaintRule[] {
  const kinds = Object.keys(ROADS);
  return [
    ...kinds.map((kind) => road(kind, palette, true)),
    ...kinds.map((kind) => road(kind, palette, false)),
  ];
}

function road(kind: string, palette: Palette, casing: boolean): PaintRule {
  const { from, width } = ROADS[kind] as (typeof ROADS)[string];
  const wide = width.map(([zoom, pixels]) => [zoom, pixels + (casing ? 1.5 : 0)]);
  // below this zoom the road is one grey line: a fill between two edges would not be seen
  const cased = kind === "minor" ? 14 : kind === "expressway" ? 9 : 12;
  return {
    dataLayer: "road",
    minzoom: casing ? cased : from,
    filter: ofKind(kind),
    symbolizer: new LineSymbolizer({
      color: (zoom: number) => {
        if (casing) return palette.casing;
        return zoom < cased ? palette.thin : palette[kind as "minor"];
      },
      width: exp(1.4, wide),
      lineCap: "round",
      lineJoin: "round",
    }),
  };
}

function border(kind: string, palette: Palette, width: number, dash: number[]): PaintRule {
  const symbolizer = new LineSymbolizer({ color: palette.border, width, dash });
  return { dataLayer: "boundary", filter: ofKind(kind), symbolizer };
}

export function paintRules(theme: Theme): PaintRule[] {
  const palette = PALETTES[theme];
  return [
    { dataLayer: "land", symbolizer: new PolygonSymbolizer({ fill: palette.land }) },
    {
      dataLayer: "water",
      filter: ofKind("coast"),
      symbolizer: new LineSymbolizer({ color: palette.coast, width: 0.8, lineJoin: "round" }),
    },
    border("ward", palette, 0.8, [2, 3]),
    border("municipality", palette, 1.1, [5, 3]),
    border("prefecture", palette, 1.6, [9, 3, 2, 3]),
    ...roadRules(palette),
  ];
}

interface Lettering {
  readonly kind: string;
  readonly from: number;
  readonly to?: number;
  readonly size: [number, number][];
  readonly weight: number;
  readonly soft?: boolean;
}

/** Most important first: what is placed first keeps its room. */
const NAMES: Lettering[] = [
  {
    kind: "prefecture",
    from: 5,
    to: 8,
    size: [
      [5, 10],
      [8, 15],
    ],
    weight: 500,
    soft: true,
  },
  {
    kind: "capital",
    from: 8,
    to: 13,
    size: [
      [8, 13],
      [12, 20],
    ],
    weight: 600,
  },
  {
    kind: "city",
    from: 8,
    to: 14,
    size: [
      [8, 11],
      [12, 17],
    ],
    weight: 600,
  },
  {
    kind: "ward",
    from: 11,
    to: 14,
    size: [
      [11, 12],
      [14, 16],
    ],
    weight: 500,
    soft: true,
  },
  {
    kind: "town",
    from: 9,
    to: 14,
    size: [
      [9, 10.5],
      [13, 15],
    ],
    weight: 600,
  },
  {
    kind: "quarter",
    from: 13,
    size: [
      [13, 10.5],
      [16, 13],
    ],
    weight: 400,
  },
];

function nameRule(name: Lettering, palette: Palette, labelProps: string[]): LabelRule {
  const options = {
    labelProps,
    fill: name.soft ? palette.labelSoft : palette.label,
    stroke: palette.halo,
    width: 3,
    lineHeight: 1.3,
    maxLineChars: 14,
    font: (zoom: number) => `${name.weight} ${exp(1, name.size)(zoom)}px ${FONT}`,
  };
  return {
    dataLayer: "place",
    minzoom: name.from,
    ...(name.to ? { maxzoom: name.to } : {}),
    filter: ofKind(name.kind),
    symbolizer: new CenteredTextSymbolizer(options),
  };
}

function roadName(palette: Palette, labelProps: string[]): LabelRule {
  return {
    dataLayer: "road",
    minzoom: 11,
    filter: ofKind("expressway", "national"),
    symbolizer: new LineLabelSymbolizer({
      labelProps,
      fill: palette.roadLabel,
      stroke: palette.halo,
      width: 3,
      font: `500 11px ${FONT}`,
      position: 2,
      repeatDistance: 500,
    }),
  };
}

/** Names in Japanese, or in letters where there are some (a name without stays as written). */
export function labelRules(theme: Theme, language: string): LabelRule[] {
  const palette = PALETTES[theme];
  const props = language.startsWith("ja") ? ["name"] : ["name_en", "name"];
  const rules = NAMES.map((name) => nameRule(name, palette, props));
  return [...rules.slice(0, -1), roadName(palette, props), ...rules.slice(-1)];
}
