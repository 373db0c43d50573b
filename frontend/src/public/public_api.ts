/**
 * HTTP without cookies, so that staff see here what others see. The language goes in a header:
 * the cookie that knows it stays out, too.
 */

import { Api } from "../core/api.ts";
import type { PageData } from "./page_data.ts";

const LIST_TIMEOUT_MS = 20_000;

export function publicApi(page: PageData): Api {
  return new Api({
    csrf: "",
    fetch: (input, init) => {
      const headers = { ...(init?.headers as object), "Accept-Language": page.language };
      return fetch(input, { ...init, headers, credentials: "omit" });
    },
  });
}

/** A part of a page as HTML. Rejects when the server gives none. */
export async function readPart(page: PageData, url: string): Promise<DocumentFragment> {
  const answer = await fetch(url, {
    headers: { "Accept-Language": page.language },
    credentials: "omit",
    signal: AbortSignal.timeout(LIST_TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = document.createDocumentFragment();
  part.append(...made.body.childNodes);
  return part;
}
