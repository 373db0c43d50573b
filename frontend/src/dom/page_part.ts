/** A part of a page as the server makes it. */

const TIMEOUT_MS = 20_000;

/** Rejects where the answer is none of ours: the login, a failure. */
export async function fetchPart(url: string): Promise<Node[]> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(url, { signal, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.body.childNodes].map((node) => document.importNode(node, true));
}
