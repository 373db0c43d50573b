/** Signing out: the key ends at the service, and this phone forgets whose it was. */

import { Problem } from "../../core/api.ts";
import { KEPT_TILES, PHOTOS } from "../../service-worker/caches.ts";
import { LANGUAGE } from "../frame/language.ts";
import { exchange } from "../service.ts";
import type { State } from "../state.ts";

/** false: something is unsent, nothing was done. Throws Problem or NoAnswer. */
export async function forget(state: State): Promise<boolean> {
  await state.read();
  if (state.hasUnsent()) return false;
  await endKey(state);
  await state.box.clear([LANGUAGE]);
  await caches.delete(PHOTOS);
  // the list of kept areas went with the box: nobody could throw them away any more
  await caches.delete(KEPT_TILES);
  location.assign(state.page.urls.home);
  return true;
}

async function endKey(state: State): Promise<void> {
  const headers = { Authorization: `Bearer ${state.device.value?.token}` };
  try {
    // with the cookie, which ends as well
    await exchange(`${state.page.urls.api}devices/me/keys`, { method: "DELETE", headers });
  } catch (error) {
    // headquarters was first
    if (!(error instanceof Problem && error.status === 401)) throw error;
  }
}
