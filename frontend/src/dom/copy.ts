/** Copying a text: by the clipboard, and where a page may not, as browsers have always done it. */

/** false where neither works; then the text can still be marked by hand. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // refused, or no clipboard at all: on a LAN without TLS there is none
    return copyMarked(text);
  }
}

function copyMarked(text: string): boolean {
  const active = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  // inside an open dialog, or the field cannot take the focus
  (document.querySelector("dialog:modal") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (active instanceof HTMLElement) active.focus();
  return done;
}
