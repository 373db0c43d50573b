/** What is ticked, on its way into a situation report: the form opens with these chosen. */

import { t } from "./language.ts";

export interface IntoSituation {
  readonly href: string;
  readonly words: string;
}

/** most: a situation report takes so many; of more those ticked first, and it is said. */
export function intoSituation(url: string, ids: readonly string[], most: number): IntoSituation {
  const query = new URLSearchParams(ids.slice(0, most).map((id) => ["reports", id]));
  const isAll = ids.length <= most;
  const words = isAll
    ? t("Into the situation report")
    : t("The first {n} into the situation report", { n: most });
  return { href: `${url}?${query}`, words };
}
