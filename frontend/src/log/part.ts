/** The list as the server makes it, with the filters of this page's address. */

import { fetchPart } from "../dom/page_part.ts";

export function fetchList(url: string): Promise<Node[]> {
  const asked = new URLSearchParams(location.search);
  asked.set("part", "list");
  return fetchPart(`${url}?${asked}`);
}
