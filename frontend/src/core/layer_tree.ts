/** How the layers stand in the rail: by kind, then by who publishes them. */

import { type LayerInfo, SHOWN_AT_FIRST } from "./layer.ts";

export interface PublisherGroup {
  /** "" where a layer does not say. */
  readonly publisher: string;
  readonly layers: readonly LayerInfo[];
}

export interface KindGroup {
  readonly kind: string;
  readonly publishers: readonly PublisherGroup[];
  readonly layers: readonly LayerInfo[];
}

/**
 * `kinds`: codes in the order of the vocabulary. What the page opens with comes first; a kind that
 * this page does not know yet comes last, as one that nobody can miss.
 */
export function grouped(infos: readonly LayerInfo[], kinds: readonly string[]): KindGroup[] {
  const place = (kind: string) => {
    const at = kinds.indexOf(kind);
    return (at === -1 ? kinds.length : at) - (SHOWN_AT_FIRST.has(kind) ? kinds.length + 1 : 0);
  };
  const found = [...by(infos, (info) => info.kind)];
  found.sort(([a], [b]) => place(a) - place(b));
  return found.map(([kind, layers]) => ({ kind, layers, publishers: byPublisher(layers) }));
}

function byPublisher(layers: readonly LayerInfo[]): PublisherGroup[] {
  const groups = [...by(layers, (info) => info.publisher?.name ?? "")];
  groups.sort(([a], [b]) => a.localeCompare(b, "ja"));
  return groups.map(([publisher, own]) => ({
    publisher,
    layers: [...own].sort((a, b) => a.title.localeCompare(b.title, "ja")),
  }));
}

function by<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

export type Check = "all" | "some" | "none";

/** What the box of a kind shows, by those of its layers. */
export function checkOf(shown: readonly boolean[]): Check {
  if (shown.length > 0 && shown.every(Boolean)) return "all";
  return shown.some(Boolean) ? "some" : "none";
}
