/** The small mark of what everybody can see. */

import { t } from "../core/language.ts";
import { isPublic } from "../core/release.ts";
import type { Report } from "../core/report.ts";
import { el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";

export function publicMark({ properties }: Report): HTMLElement | null {
  if (!isPublic(properties)) return null;
  return el("span", { class: "public-mark" }, icon("release_public"), t("Public"));
}
