/** Which screen the address means; every screen has one, and the back gesture loses nothing. */

import { Observable } from "../../core/observable.ts";

export interface Place {
  /** Below /m/, without slashes at the ends; "" is the camera. */
  readonly path: string;
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

const ROOT = "/m/";

export const place = new Observable<Place>(read());

export function go(path: string, { replace = false } = {}): void {
  const url = ROOT + path;
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  place.set(read());
}

/** The screen that is shown goes on, and coming back finds it like this. */
export function keepQuery(query: URLSearchParams): void {
  const text = query.toString();
  history.replaceState(null, "", location.pathname + (text && `?${text}`));
}

export function back(): void {
  if (history.length > 1) history.back();
  else go("", { replace: true });
}

export function startRouter(): void {
  addEventListener("popstate", () => place.set(read()));
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.("a[data-go]");
    if (!link || event.metaKey || event.ctrlKey || event.button !== 0) return;
    event.preventDefault();
    go(link.getAttribute("data-go") ?? "");
  });
}

function read(): Place {
  const path = location.pathname.slice(ROOT.length).replace(/\/+$/, "");
  const parts = path === "" ? [] : path.split("/").map(decodeURIComponent);
  return { path, parts, query: new URLSearchParams(location.search) };
}
