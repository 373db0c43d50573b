/** Several files dropped at once: the parts of one Shapefile belong into one zip. */

const PARTS: ReadonlySet<string> = new Set([
  "shp",
  "shx",
  "dbf",
  "prj",
  "cpg",
  "sbn",
  "sbx",
  "qix",
]);

/** A name without its ending, and the ending in small letters. */
export function split(name: string): readonly [string, string] {
  const dot = name.lastIndexOf(".");
  return dot < 1 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1).toLowerCase()];
}

/** The name of the zip for these files; null when they are not the parts of one Shapefile. */
export function zipName(names: readonly string[]): string | null {
  const parts = names.map((name) => split(name.replace(/\.shp\.xml$/i, ".sbn")));
  const stems = new Set(parts.map(([stem]) => stem.toLowerCase()));
  const endings = parts.map(([, ending]) => ending);
  const whole = ["shp", "shx", "dbf"].every((ending) => endings.includes(ending));
  const known = endings.every((ending) => PARTS.has(ending));
  return whole && known && stems.size === 1 ? `${parts[0]?.[0]}.zip` : null;
}
