/** What is on or off, as `name=1` in the page's address: it opens again as it was. */

export function hasFlag(name: string): boolean {
  return new URLSearchParams(location.search).get(name) === "1";
}

export function setFlag(name: string, on: boolean): void {
  if (on === hasFlag(name)) return;
  const query = new URLSearchParams(location.search);
  if (on) query.set(name, "1");
  else query.delete(name);
  history.replaceState(history.state, "", `${location.pathname}?${query}${location.hash}`);
}
