/** What else is known of a layer: what it covers, under which terms, how fresh it is meant to be. */

import { number, t } from "../core/language.ts";
import type { LayerInfo } from "../core/layer.ts";
import { dayTime, duration } from "../core/times.ts";
import { el } from "../dom/element.ts";
import type { Shelf } from "./layer_shelf.ts";

/** Filled as it is opened, from what is known then. */
export function layerDetails(shelf: Shelf): HTMLElement {
  const facts = el("dl", { class: "facts" });
  const whole = el(
    "details",
    { class: "layer-about" },
    el("summary", {}, t("About this layer")),
    facts,
  );
  whole.addEventListener("toggle", () => {
    if (whole.open) facts.replaceChildren(...lines(shelf.info));
  });
  return whole;
}

function lines(info: LayerInfo): HTMLElement[] {
  const { refresh_s, checked_at, version, without_place } = info;
  const said: [string, string | Node | null | undefined][] = [
    [t("Covers"), info.coverage || t("Not said")],
    [t("Licence"), info.licence || t("Not said")],
    [t("Attribution"), info.attribution],
    [t("Reuse"), reuse(info.reuse)],
    [t("Renewed every"), refresh_s ? duration(refresh_s) : t("Not promised")],
    [t("Checked"), checked_at ? dayTime(checked_at, Date.now()) : null],
    [t("Version"), version ? number(version) : null],
    [t("Without a place"), without_place ? number(without_place) : null],
    [t("Source"), link(info.source_url)],
  ];
  return said.flatMap(([name, value]) => (value ? [el("dt", {}, name), el("dd", {}, value)] : []));
}

function reuse(may: boolean | null | undefined): string {
  if (may === true) return t("May be printed and passed on");
  return may === false ? t("Only for looking at") : t("Not said");
}

// a publisher's address: only the web, and it learns nothing of where its visitors come from
function link(url: string | null | undefined): HTMLElement | null {
  if (!url || !/^https?:\/\//i.test(url)) return null;
  const rel = "noopener noreferrer nofollow";
  return el("a", { href: url, target: "_blank", rel }, url.replace(/^https?:\/\//i, ""));
}
