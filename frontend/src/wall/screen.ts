/** Full screen, and whether anybody is at the wall's mouse or keyboard. */

import { byId } from "../dom/element.ts";

/** After so long without a touch nobody is at it; the pointer goes away (ms). */
const REST_MS = 60_000;
const POINTER_MS = 5_000;

/** Returns whether somebody has just touched it. */
export function setUpScreen(): () => boolean {
  const button = byId("wall-full");
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => void turn());
  document.addEventListener("fullscreenchange", () => {
    button.setAttribute("aria-pressed", String(document.fullscreenElement !== null));
  });
  return watchHands();
}

async function turn(): Promise<void> {
  const page = document.documentElement;
  const done = document.fullscreenElement ? document.exitFullscreen() : page.requestFullscreen();
  // a browser that refuses leaves the page as it is
  await done.catch(() => undefined);
}

function watchHands(): () => boolean {
  let touchedAt = Number.NEGATIVE_INFINITY;
  let rest: ReturnType<typeof setTimeout> | undefined;
  const touched = () => {
    touchedAt = performance.now();
    document.body.classList.remove("is-resting");
    clearTimeout(rest);
    rest = setTimeout(() => document.body.classList.add("is-resting"), POINTER_MS);
  };
  for (const event of ["pointermove", "pointerdown", "keydown"]) {
    document.addEventListener(event, touched, { passive: true });
  }
  return () => performance.now() - touchedAt < REST_MS;
}
