/** Links that take the desk's view along: its address stands in `location` (address.ts). */

export function setUpLinksWithView(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-with-view]")) {
    const path = link.pathname;
    const renew = () => {
      const query = new URLSearchParams(location.search);
      query.set("desk", "1");
      link.href = `${path}?${query}`;
    };
    // by the pointer, by a finger, by the keyboard
    for (const event of ["pointerenter", "pointerdown", "focus"])
      link.addEventListener(event, renew);
  }
}
