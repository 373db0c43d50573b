/** When to give up on an answer: after a time, or once nobody wants it any more. */

/** AbortSignal.any does the same in browsers younger than those we build for. */
export function givingUp(afterMs: number, unwanted?: AbortSignal): AbortSignal {
  const late = AbortSignal.timeout(afterMs);
  if (!unwanted) return late;
  const either = new AbortController();
  for (const signal of [late, unwanted]) {
    if (signal.aborted) either.abort(signal.reason);
    signal.addEventListener("abort", () => either.abort(signal.reason), { once: true });
  }
  return either.signal;
}
