/** "Use my position": asks the device only when pressed, and reloads the list by it. */

export function setUpNear(): void {
  const form = document.querySelector<HTMLFormElement>("[data-near]");
  const press = form?.querySelector<HTMLButtonElement>("[data-locate]");
  const words = form?.querySelector<HTMLElement>("[data-locate-words]");
  if (!press || !words || !("geolocation" in navigator) || !window.isSecureContext) return;
  press.hidden = false;
  press.addEventListener("click", () => locate(press, words));
}

function locate(press: HTMLButtonElement, words: HTMLElement): void {
  press.disabled = true;
  words.textContent = words.dataset.waiting ?? "";
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => go(coords),
    () => {
      press.disabled = false;
      words.textContent = words.dataset.failed ?? "";
    },
    { enableHighAccuracy: false, maximumAge: 60_000, timeout: 20_000 },
  );
}

// Three decimals are about 100 m: enough to sort a list, too little to give a home away in a log.
function go({ longitude, latitude }: GeolocationCoordinates): void {
  const query = new URLSearchParams(location.search);
  query.delete("place");
  query.delete("page");
  query.set("near", `${longitude.toFixed(3)},${latitude.toFixed(3)}`);
  location.search = query.toString();
}
