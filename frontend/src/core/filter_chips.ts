/** What a filter narrows, each part in words and with the filter that is left without it. */

import type { Filter } from "./filter.ts";
import { DEVICE, NO_FILTER, NOBODY } from "./filter.ts";
import { ngettext, number, t } from "./language.ts";
import { NOWHERE } from "./municipality_code.ts";
import { dayTime } from "./times.ts";
import type { Vocabulary } from "./vocabulary.ts";

export interface Chip {
  readonly words: string;
  readonly without: Filter;
}

/** Names of what a filter has codes of. */
export interface Names {
  readonly organisation: (slug: string) => string;
  readonly municipality: (code: string) => string;
}

export function chips(filter: Filter, names: Names, words: Vocabulary): Chip[] {
  return [
    ...wordChips(filter),
    ...codeChips(filter, words),
    ...timeChips(filter),
    ...placeChips(filter, names),
    ...whoChips(filter, names, words),
    ...traitChips(filter),
  ];
}

type Part = Partial<Filter>;

function chip(filter: Filter, words: string, without: Part): Chip {
  return { words, without: { ...filter, ...without } };
}

function wordChips(filter: Filter): Chip[] {
  const words = filter.words.trim();
  return words ? [chip(filter, t("“{words}”", { words }), { words: "" })] : [];
}

const KINDS = [
  ["severity", "hiddenSeverities"],
  ["status", "hiddenStatuses"],
  ["category", "hiddenCategories"],
] as const;
/** So few are named. */
const NAMED = 2;

function codeChips(filter: Filter, words: Vocabulary): Chip[] {
  return KINDS.flatMap(([kind, hidden]) => {
    if (isSame(filter[hidden], NO_FILTER[hidden])) return [];
    const all = words.terms(kind).map(({ code }) => code);
    const shown = all.filter((code) => !filter[hidden].has(code));
    const said = `${kindName(kind)}: ${shownWords(kind, all.length, shown, words)}`;
    return [chip(filter, said, { [hidden]: NO_FILTER[hidden] })];
  });
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}

function kindName(kind: (typeof KINDS)[number][0]): string {
  return { severity: t("Severity"), status: t("Status"), category: t("Category") }[kind];
}

function shownWords(kind: string, all: number, shown: string[], words: Vocabulary): string {
  if (shown.length === all) return t("all");
  if (shown.length === 0) return t("none");
  if (shown.length <= NAMED) return shown.map((code) => words.label(kind, code)).join(", ");
  return t("{n} of {all}", { n: number(shown.length), all: number(all) });
}

function timeChips(filter: Filter): Chip[] {
  const { since, until, recentH, sinceLooked } = filter;
  const found: Chip[] = [];
  if (recentH !== null) found.push(chip(filter, recentWords(recentH), { recentH: null }));
  if (sinceLooked) found.push(chip(filter, t("Since I last looked"), { sinceLooked: false }));
  if (since !== null || until !== null) {
    found.push(chip(filter, spanWords(since, until), { since: null, until: null }));
  }
  return found;
}

export function recentWords(hours: number): string {
  return ngettext("Last hour", "Last {n} hours", hours);
}

function spanWords(since: number | null, until: number | null): string {
  const now = Date.now();
  const [from, to] = [since, until].map((at) => (at === null ? "" : dayTime(at, now)));
  if (!to) return t("From {time}", { time: from ?? "" });
  return from ? t("{from} to {to}", { from, to }) : t("Until {time}", { time: to });
}

function placeChips(filter: Filter, names: Names): Chip[] {
  const found = [...filter.area].map((code) => {
    const name = code === NOWHERE ? t("No municipality") : names.municipality(code);
    return chip(filter, name, { area: less(filter.area, code) });
  });
  for (const code of filter.mesh) {
    const words = t("Grid square {code}", { code });
    found.push(chip(filter, words, { mesh: less(filter.mesh, code) }));
  }
  if (filter.within) found.push(chip(filter, t("Drawn area"), { within: null }));
  if (filter.needsPlace) found.push(chip(filter, t("Needs a place"), { needsPlace: false }));
  if (filter.uncertain !== null) {
    const words = t("Place less sure than {n} m", { n: number(filter.uncertain) });
    found.push(chip(filter, words, { uncertain: null }));
  }
  return found;
}

function less(set: ReadonlySet<string>, one: string): ReadonlySet<string> {
  return new Set([...set].filter((other) => other !== one));
}

function whoChips(filter: Filter, names: Names, vocabulary: Vocabulary): Chip[] {
  const { organisations, channels, assigned } = filter;
  const found = [...organisations].map((slug) => {
    const words = t("Reported by {name}", { name: names.organisation(slug) });
    return chip(filter, words, { organisations: less(organisations, slug) });
  });
  for (const code of channels) {
    const words = t("Came by: {how}", { how: channelWords(code, vocabulary) });
    found.push(chip(filter, words, { channels: less(channels, code) }));
  }
  if (assigned !== null) {
    const words =
      assigned === NOBODY ? t("Assigned to nobody") : t("Assigned to {name}", { name: assigned });
    found.push(chip(filter, words, { assigned: null }));
  }
  return found;
}

export function channelWords(code: string, words: Vocabulary): string {
  return code === DEVICE ? t("App") : words.label("channel", code);
}

function traitChips(filter: Filter): Chip[] {
  const photo = filter.hasPhoto ? t("With photo") : t("Without photo");
  const said: [boolean, string, Part][] = [
    [filter.hasPhoto !== null, photo, { hasPhoto: null }],
    [filter.waiting, t("Not accepted yet"), { waiting: false }],
    [filter.unseen, t("Not opened by me"), { unseen: false }],
    [filter.due !== null, t("Overdue"), { due: null }],
  ];
  return said.flatMap(([is, words, without]) => (is ? [chip(filter, words, without)] : []));
}
