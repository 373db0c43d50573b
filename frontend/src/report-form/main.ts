/** The plain report form: adds the device's position and the time of the picture where allowed. */

interface Words {
  readonly waiting: string;
  readonly found: string;
  readonly denied: string;
  readonly failed: string;
}

const form = document.querySelector<HTMLFormElement>("[data-report-form]");
if (form) start(form);

function start(form: HTMLFormElement): void {
  field(form, "photo")?.addEventListener("change", () => stampPicture(form));
  form.addEventListener("submit", () => onSubmit(form));
  // back to this page from the browser's cache: the button must work again
  window.addEventListener("pageshow", () => setSending(form, false));
  if ("geolocation" in navigator && window.isSecureContext) watch(form);
}

function field(form: HTMLFormElement, name: string): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
}

function set(form: HTMLFormElement, name: string, value: string): void {
  const input = field(form, name);
  if (input) input.value = value;
}

const FRESH_MS = 120_000;

/** A file made just now comes from the camera; an older one says its time in EXIF, or nothing. */
function stampPicture(form: HTMLFormElement): void {
  const made = [...(field(form, "photo")?.files ?? [])].map((file) => file.lastModified);
  const newest = Math.max(...made);
  const fresh = Date.now() - newest < FRESH_MS;
  set(form, "captured_at", made.length > 0 && fresh ? new Date(newest).toISOString() : "");
}

function onSubmit(form: HTMLFormElement): void {
  const hasPhoto = (field(form, "photo")?.files?.length ?? 0) > 0;
  const stamped = field(form, "captured_at")?.value;
  // set once: a second press must send the same words
  if (!hasPhoto && !stamped) set(form, "captured_at", new Date().toISOString());
  setSending(form, true);
}

function setSending(form: HTMLFormElement, sending: boolean): void {
  const button = form.querySelector<HTMLButtonElement>("[data-sending]");
  if (!button) return;
  button.dataset.idle ??= button.textContent ?? "";
  button.textContent = (sending ? button.dataset.sending : button.dataset.idle) ?? "";
  button.disabled = sending;
}

function watch(form: HTMLFormElement): void {
  const line = form.querySelector<HTMLElement>("[data-position]");
  const words = form.querySelector<HTMLElement>("[data-position-words]");
  if (!line || !words) return;
  const say = words.dataset as unknown as Words;
  line.hidden = false;
  words.textContent = say.waiting;
  navigator.geolocation.watchPosition(
    (position) => {
      keep(form, position);
      const metres = String(Math.round(position.coords.accuracy));
      words.textContent = say.found.replace("{metres}", metres);
    },
    (error) => {
      if (field(form, "lon")?.value) return;
      words.textContent = error.code === error.PERMISSION_DENIED ? say.denied : say.failed;
    },
    { enableHighAccuracy: true, maximumAge: 10_000, timeout: 30_000 },
  );
}

function keep(form: HTMLFormElement, { coords, timestamp }: GeolocationPosition): void {
  // the position at the moment of sending stays with what was sent
  if (form.querySelector<HTMLButtonElement>("[data-sending]")?.disabled) return;
  set(form, "lon", String(coords.longitude));
  set(form, "lat", String(coords.latitude));
  set(form, "accuracy_m", String(coords.accuracy));
  set(form, "fixed_at", new Date(timestamp).toISOString());
}
