/** What is kept on this phone, how safe it is there, and how it goes out. */

import { msg, ngettext, number } from "../../core/language.ts";
import { el } from "../../dom/element.ts";
import { say, withReadings } from "../../dom/say.ts";
import { HOLD_ORIGINALS } from "../../outbox/drain.ts";
import { press } from "../frame/press.ts";
import type { Part } from "../screens/settings.ts";
import type { State } from "../state.ts";
import { exportEntries } from "../waiting/export.ts";
import { askPersist, keptPhotos, LOW_BYTES, type Room, room } from "../waiting/storage.ts";
import { banner, card, toggle } from "./card.ts";

export const storing: Part = ({ state }, until) => {
  const amounts = el("div", { class: "stack stack--close" });
  let shown = "";
  const draw = async () => {
    const now = await room();
    // what is under a finger is not replaced for nothing
    const key = JSON.stringify([now.persisted, keptPhotos(state.entries.value), state.counts()]);
    if (key === shown) return;
    shown = key;
    amounts.replaceChildren(...described(state, now, draw));
  };
  until(state.entries.watch(() => void draw()));
  return el("div", { class: "stack" }, sending(state), card(msg("Kept on this phone"), amounts));
};

function sending(state: State): HTMLElement {
  const hold = toggle(
    say("Large pictures only by Wi-Fi"),
    say(
      "Words and small pictures go at once. An iPhone does not tell of Wi-Fi: use the outbox's button.",
    ),
    state.holdOriginals.value,
    (on) => void state.box.keep(HOLD_ORIGINALS, on),
  );
  return card(msg("Sending"), hold);
}

function described(state: State, { persisted, free }: Room, again: () => Promise<void>): Node[] {
  const { n, bytes } = keptPhotos(state.entries.value);
  const photos = ngettext("{n} photo", "{n} photos", n);
  const values = { photos, size: megabytes(bytes) };
  const parts: (Node | null)[] = [
    el("p", {}, say("Not sent yet: {photos}, {size}.", values)),
    free === null ? null : el("p", {}, say("Still free: {size}.", { size: megabytes(free) })),
    free !== null && free < LOW_BYTES ? lowRoom() : null,
    persistence(persisted, again),
    exporting(state),
    sentCopies(state),
  ];
  return parts.filter((part) => part !== null);
}

function lowRoom(): HTMLElement {
  const words = msg(
    "Little room is left on this phone. Delete what you do not need, or save to a file.",
  );
  return banner("warn", "ui_alert", say(words));
}

function persistence(persisted: boolean | null, again: () => Promise<void>): Node | null {
  if (persisted === null) return null;
  if (persisted) {
    return banner("ok", "ui_check", say("The browser will not clear this by itself."));
  }
  const ask = async () => {
    await askPersist();
    await again();
  };
  return el(
    "div",
    { class: "stack stack--close" },
    banner("warn", "ui_alert", say("When room gets short, the browser may clear this.")),
    press(say("Ask the browser to keep it"), () => void ask()),
  );
}

function exporting(state: State): Node | null {
  const { draft, waiting } = state.counts();
  if (draft + waiting === 0) return null;
  const said = el("p", { class: "soft", role: "status" });
  const save = async () => {
    const done = await exportEntries(state, "all").catch(() => null);
    if (done === "cancelled") return;
    const words = done
      ? msg("Saved. Give the file to headquarters; nothing is deleted here.")
      : msg("The file could not be made.");
    said.replaceChildren(say(words));
  };
  return el(
    "div",
    { class: "stack stack--close" },
    press(say("Save everything unsent to a file"), () => void save()),
    said,
  );
}

function sentCopies(state: State): Node | null {
  const sent = state.entries.value.filter(({ folder }) => folder === "sent");
  if (sent.length === 0) return null;
  const words = ngettext("Delete {n} sent copy", "Delete {n} sent copies", sent.length);
  const remove = async () => {
    for (const { id } of sent) await state.box.remove(id);
  };
  return el(
    "div",
    { class: "stack stack--close" },
    press(withReadings(words), () => void remove()),
    el("p", { class: "soft" }, say("Headquarters has them; only the copies here go.")),
  );
}

/** 1.4 MB; whole numbers from 10 on. */
function megabytes(bytes: number): string {
  const size = bytes / 1_000_000;
  if (size >= 10_000) return `${number(size / 1000)} GB`;
  return `${number(size, size < 10 ? 1 : 0)} MB`;
}
