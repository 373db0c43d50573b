/** Files that are being made: how far each is; when one has ended, the page is read again. */

import type { Catalogue } from "../core/language.ts";
import { t, useLanguage } from "../core/language.ts";

interface PageData {
  readonly language: string;
  readonly catalogue: Catalogue;
  readonly urls: { readonly exports: string };
}

interface Export {
  readonly id: string;
  readonly state: string;
  readonly done: number;
  readonly total: number | null;
}

const EVERY_MS = 1000;
const RUNNING = new Set(["waiting", "working"]);
const REFUSED = new Set([401, 403]);
/** How those ended that were being made. */
const ends = new Set<string>();

const text = document.getElementById("page-data")?.textContent;
if (text) start(JSON.parse(text) as PageData);

function start(page: PageData): void {
  useLanguage(page.language, page.catalogue);
  if (running().length > 0) setTimeout(() => void look(page), EVERY_MS);
}

function running(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-running]")];
}

async function look(page: PageData): Promise<void> {
  try {
    const answer = await fetch(page.urls.exports, { headers: { Accept: "application/json" } });
    if (REFUSED.has(answer.status)) return refused();
    if (answer.ok) show(((await answer.json()) as { items: Export[] }).items);
  } catch {
    // no network: the next look may find one
  }
  if (running().length > 0) setTimeout(() => void look(page), EVERY_MS);
}

function show(items: readonly Export[]): void {
  const known = new Map(items.map((item) => [item.id, item]));
  for (const line of running()) {
    const item = known.get(line.dataset.export ?? "");
    if (item && RUNNING.has(item.state)) progress(line, item);
    else {
      delete line.dataset.running;
      ends.add(item?.state ?? "removed");
    }
  }
  if (running().length === 0) ended();
}

function progress(line: HTMLElement, item: Export): void {
  const bar = line.querySelector("progress");
  if (item.total && bar) {
    bar.max = item.total;
    bar.value = item.done;
  }
  const count = line.querySelector("[data-count]");
  if (count && item.total) count.textContent = `${group(item.done)} / ${group(item.total)}`;
}

function group(count: number): string {
  return count.toLocaleString(document.documentElement.lang);
}

function ended(): void {
  const form = document.querySelector("form:has([name=kind])");
  // a form that is being filled in is not taken away from under somebody's hands
  if (form?.matches(":focus-within")) said(endWords(), ends.has("ready") ? "banner--ok" : "");
  else location.replace(here());
}

function endWords(): string {
  if (ends.size > 1) return t("The files have changed. Show them.");
  if (ends.has("ready")) return t("A file is ready. Show it.");
  if (ends.has("failed")) return t("A file could not be made. Show why.");
  return t("A file was taken away. Show the others.");
}

/** Somebody else signs in here, or nobody: what is shown of the files stays as it was. */
function refused(): void {
  for (const bar of document.querySelectorAll("[data-running] progress")) bar.remove();
  said(`${t("Signed out")} – ${t("Sign in again")}`, "banner--error");
}

function said(words: string, look: string): void {
  const line = document.createElement("p");
  line.className = `banner ${look}`;
  line.setAttribute("role", "status");
  const link = document.createElement("a");
  link.href = here();
  link.textContent = words;
  line.append(link);
  document.getElementById("exports")?.before(line);
}

/** With the view that was brought along, so that the form keeps it. */
function here(): string {
  return location.pathname + location.search;
}
