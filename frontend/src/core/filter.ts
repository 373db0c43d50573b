/** Which reports the list and the map show, in which order, and how many of what there are. */

import type { Position } from "geojson";
import { dueOf } from "./due.ts";
import { holdsWords } from "./fold.ts";
import { type Box, boxesMeet, boxOf } from "./geometry.ts";
import { meets, ringOf } from "./meets.ts";
import { meshCell } from "./mesh.ts";
import { covers } from "./municipality_code.ts";
import type { Report, ReportProperties } from "./report.ts";
import { isWaiting } from "./statuses.ts";

/** Everything lets all reports through that it does not speak of; see NO_FILTER. */
export interface Filter {
  /** Codes switched off; codes added to the vocabulary later are shown by default. */
  readonly hiddenCategories: ReadonlySet<string>;
  readonly hiddenSeverities: ReadonlySet<string>;
  readonly hiddenStatuses: ReadonlySet<string>;
  /** Free words; every one must be found. */
  readonly words: string;
  /** Only what was received from then on (ms since 1970). */
  readonly since: number | null;
  /** Only what was received before then (ms since 1970); null = now, and it stays now. */
  readonly until: number | null;
  /** Only what was received in the last so many hours, whenever that is looked at. */
  readonly recentH: number | null;
  /** Municipality codes: any of these, their wards, their prefecture's all; NOWHERE is one, too. */
  readonly area: ReadonlySet<string>;
  /** Grid squares (地域メッシュ): in any of these. */
  readonly mesh: ReadonlySet<string>;
  /** Corners of an outline, lon/lat degrees, not closed. */
  readonly within: readonly Position[] | null;
  /** Slugs of the organisations whose people reported. */
  readonly organisations: ReadonlySet<string>;
  /** How it came: codes of the vocabulary, DEVICE. */
  readonly channels: ReadonlySet<string>;
  /** To whom it is assigned, in words; NOBODY. */
  readonly assigned: string | null;
  readonly hasPhoto: boolean | null;
  readonly needsPlace: boolean;
  /** Only where the place is less sure than so many metres. */
  readonly uncertain: number | null;
  /** Only what nobody at headquarters has accepted or sorted. */
  readonly waiting: boolean;
  /** Only what this person has not opened. */
  readonly unseen: boolean;
  /** Only what came or changed since this person last looked. */
  readonly sinceLooked: boolean;
  readonly due: "overdue" | null;
}

/** What a report alone does not tell. Times in ms since 1970. */
export interface FilterContext {
  readonly now: number;
  /** Name by slug; a report bears the name. */
  readonly organisations: ReadonlyMap<string, string>;
  /** null = never. */
  readonly lookedAt: number | null;
  readonly allSeenUntil: number | null;
  /** Seen one by one. */
  readonly seen: ReadonlySet<string>;
}

/** Of somebody who has not looked at anything. */
export function contextAt(now: number): FilterContext {
  return { now, organisations: new Map(), lookedAt: null, allSeenUntil: null, seen: new Set() };
}

/** As reports/orders.py names them. */
export const ORDERS = ["newest", "oldest", "severity", "waiting", "due"] as const;
export type Order = (typeof ORDERS)[number];

/** "newest" for what is none. */
export function orderOf(name: string | null): Order {
  return ORDERS.find((order) => order === name) ?? "newest";
}

export const HIDDEN_AT_FIRST: readonly string[] = ["rejected", "duplicate", "withdrawn"];
export const NOBODY = "-";
/** What a phone of ours sent came by no channel. */
export const DEVICE = "device";
const ARRIVED = ["preview", "stored", "ready"];
const HOUR_MS = 3_600_000;

export const NO_FILTER: Filter = {
  hiddenCategories: new Set(),
  hiddenSeverities: new Set(),
  hiddenStatuses: new Set(HIDDEN_AT_FIRST),
  words: "",
  since: null,
  until: null,
  recentH: null,
  area: new Set(),
  mesh: new Set(),
  within: null,
  organisations: new Set(),
  channels: new Set(),
  assigned: null,
  hasPhoto: null,
  needsPlace: false,
  uncertain: null,
  waiting: false,
  unseen: false,
  sinceLooked: false,
  due: null,
};

/** Whether time, or what this person has looked at, changes what is let through. */
export function hangsOnContext({ recentH, due, unseen, sinceLooked }: Filter): boolean {
  return recentH !== null || due !== null || unseen || sinceLooked;
}

const SEVERITY_RANK = ["critical", "serious", "moderate", "minor", "unknown"];

type Test = (report: Report, filter: Filter, context: FilterContext) => boolean;

/** As reports/filters.py says for the query of list_query.ts: fixtures/filter_examples.json. */
export function matches(
  report: Report,
  filter: Filter,
  context: FilterContext = contextAt(Date.now()),
): boolean {
  return TESTS.every((test) => test(report, filter, context));
}

const isShown: Test = ({ properties: { category, severity, status } }, filter) =>
  !filter.hiddenCategories.has(category) &&
  !filter.hiddenSeverities.has(severity) &&
  !filter.hiddenStatuses.has(status);

const isInTime: Test = ({ properties }, { since, until, recentH }, { now }) => {
  if (since === null && until === null && recentH === null) return true;
  const at = Date.parse(properties.received_at);
  if (recentH !== null && !(at >= now - recentH * HOUR_MS)) return false;
  return (since === null || at >= since) && (until === null || at < until);
};

const isThere: Test = ({ geometry, properties }, { area, mesh, within, needsPlace }) => {
  if (needsPlace && geometry !== null) return false;
  const code = properties.municipality ?? null;
  if (area.size > 0 && ![...area].some((one) => covers(one, code))) return false;
  if (mesh.size > 0 && ![...mesh].some((one) => meets(squareOf(one), geometry))) return false;
  return within === null || meets(within, geometry);
};

const isSuch: Test = (report, filter, context) =>
  isTold(report.properties, filter, context) &&
  (!filter.waiting || isKnownToWait(report)) &&
  (filter.due === null || dueOf(report, context.now) === filter.due);

const isTold = (properties: ReportProperties, filter: Filter, context: FilterContext) =>
  isOfOrganisation(properties, filter, context) &&
  cameBy(properties, filter) &&
  isAssigned(properties, filter) &&
  isPictured(properties, filter) &&
  (filter.uncertain === null || (properties.accuracy_m ?? 0) > filter.uncertain);

const isNewToMe: Test = ({ id, properties }, { unseen, sinceLooked }, context) => {
  const { lookedAt, allSeenUntil, seen } = context;
  const received = Date.parse(properties.received_at);
  if (unseen && (seen.has(id) || received <= (allSeenUntil ?? -Infinity))) return false;
  const changed = Date.parse(properties.updated_at ?? properties.received_at);
  return !sinceLooked || changed > (lookedAt ?? -Infinity);
};

const isMeant: Test = (report, { words }) => words === "" || holdsWords(searchable(report), words);

const TESTS: readonly Test[] = [isShown, isInTime, isThere, isSuch, isNewToMe, isMeant];

function isOfOrganisation(
  { organisation }: ReportProperties,
  { organisations }: Filter,
  { organisations: names }: FilterContext,
): boolean {
  if (organisations.size === 0) return true;
  return [...organisations].some((slug) => !!organisation && names.get(slug) === organisation);
}

/** Who may not read how it came has no such property at all. */
function cameBy({ channel }: ReportProperties, { channels }: Filter): boolean {
  return channels.size === 0 || (channel !== undefined && channels.has(channel ?? DEVICE));
}

/** Who may not read it has no such property at all: then nobody is nobody, either. */
function isAssigned({ assigned_to }: ReportProperties, { assigned }: Filter): boolean {
  if (assigned === null) return true;
  return assigned === NOBODY ? assigned_to === null : assigned_to === assigned;
}

function isPictured({ photos }: ReportProperties, { hasPhoto }: Filter): boolean {
  if (hasPhoto === null) return true;
  return (photos ?? []).some(({ state }) => ARRIVED.includes(state)) === hasPhoto;
}

/** Who may not read whether it was accepted has no such property at all, and finds none. */
function isKnownToWait(report: Report): boolean {
  return report.properties.accepted_at !== undefined && isWaiting(report);
}

/** A square's northern and eastern edges belong to the next ones; as gspace/mesh.py. */
const HAIR = 1e-9;

function squareOf(code: string): Position[] {
  const box = meshCell(code);
  return box ? ringOf([box[0], box[1], box[2] - HAIR, box[3] - HAIR]) : [];
}

function searchable({ properties }: Report): string {
  const { receipt, detail, comment, comment_hq, public_text, place, place_en } = properties;
  const { told_by } = properties;
  return [receipt, detail, comment, comment_hq, public_text, place, place_en, told_by].join("\n");
}

/** 0 is the worst; unknown codes count as unknown. */
export function rank(severity: string): number {
  const at = SEVERITY_RANK.indexOf(severity);
  return at === -1 ? SEVERITY_RANK.length - 1 : at;
}

export interface Split {
  readonly inside: Report[];
  readonly outside: Report[];
  readonly placeless: Report[];
}

/** By the map's view; the three together are always all of them. */
export function splitByView(reports: readonly Report[], view: Box): Split {
  const split: Split = { inside: [], outside: [], placeless: [] };
  for (const report of reports) split[sideOf(report, view)].push(report);
  return split;
}

export function sideOf(report: Report, view: Box): keyof Split {
  const box = boxOf(report.geometry);
  if (box === null) return "placeless";
  return boxesMeet(box, view) ? "inside" : "outside";
}

/** How many of each value: {"critical": 3, ...}. */
export function countBy(
  reports: readonly Report[],
  property: "category" | "severity" | "status",
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { properties } of reports) {
    counts.set(properties[property], (counts.get(properties[property]) ?? 0) + 1);
  }
  return counts;
}
