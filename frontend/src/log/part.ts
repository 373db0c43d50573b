/** The list as the server makes it, with the filters of this page's address. */

const TIMEOUT_MS = 20_000;

/** Rejects where the answer is none of ours: the login, a failure. */
export async function fetchList(url: string): Promise<Node[]> {
  const asked = new URLSearchParams(location.search);
  asked.set("part", "list");
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(`${url}?${asked}`, { signal, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.body.childNodes].map((node) => document.importNode(node, true));
}
