/** Signing out: the key ends at the service, and this phone forgets whose it was. */

import { DEVICE, LINK } from "../outbox/sender.ts";
import { PHOTOS } from "../service-worker/caches.ts";
import { exchange } from "./service.ts";
import { INCIDENT, INCIDENTS, type State } from "./state.ts";

/** false: something is unsent, nothing was done. Throws Problem or NoAnswer. */
export async function forget(state: State): Promise<boolean> {
  await state.read();
  if (state.hasUnsent()) return false;
  const headers = { Authorization: `Bearer ${state.device.value?.token}` };
  // with the cookie, which ends as well
  await exchange(`${state.page.urls.api}devices/me/keys`, { method: "DELETE", headers });
  const { box } = state;
  for (const { id } of await box.entries()) await box.remove(id);
  for (const name of [DEVICE, INCIDENTS, INCIDENT, LINK]) await box.keep(name, undefined);
  await caches.delete(PHOTOS);
  await state.read();
  return true;
}
