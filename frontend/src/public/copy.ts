/** "Copy" beside an address: shown only where the browser lets a page do it. */

export function setUpCopy(): void {
  if (!navigator.clipboard) return;
  for (const press of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
    press.hidden = false;
    press.addEventListener("click", () => void copy(press));
  }
}

async function copy(press: HTMLButtonElement): Promise<void> {
  const field = document.getElementById(press.dataset.copy ?? "");
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  try {
    await navigator.clipboard.writeText(field.value);
    press.textContent = press.dataset.done ?? press.textContent;
  } catch {
    field.select();
  }
}
