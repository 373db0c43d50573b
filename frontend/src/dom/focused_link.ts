/** A part of the page is put anew: whoever stood on one of its links must not lose their place. */

export function keepingFocus(place: HTMLElement, put: () => void): void {
  const focused = document.activeElement;
  const href = focused && place.contains(focused) ? focused.getAttribute("href") : null;
  put();
  if (href === null) return;
  const same = [...place.querySelectorAll("a")].find((a) => a.getAttribute("href") === href);
  same?.focus({ preventScroll: true });
}
