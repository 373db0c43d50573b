/** A facility that is in none of the copied layers: asked for by itself, for its name and kind. */

import type { LayerFeature, LayerInfo } from "../../core/layer.ts";
import type { SupportPlace } from "../around/nearest.ts";
import { service } from "../service.ts";
import type { State } from "../state.ts";

/** Rejects without a network, or when there is no such facility. */
export async function fetchFacility(
  state: State,
  layer: string,
  feature: string,
): Promise<SupportPlace> {
  const { get } = service(state);
  const place = `layers/${encodeURIComponent(layer)}`;
  const incident = state.incident.value?.slug;
  const query = incident ? `?${new URLSearchParams({ incident })}` : "";
  const [info, found] = await Promise.all([
    get<LayerInfo>(place),
    get<LayerFeature>(`${place}/features/${encodeURIComponent(feature)}${query}`),
  ]);
  return { info, feature: { ...found, id: feature } };
}
