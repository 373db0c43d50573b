/** Ticking many at once: by a box on the map. In a large incident the server says what lies in it. */

import { Problem } from "../core/api.ts";
import { boxText } from "../core/box_text.ts";
import { type Box, boxesMeet, boxOf } from "../core/geometry.ts";
import { ngettext, t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { byId } from "../dom/element.ts";
import { drawBox } from "../map/box_select.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import type { Desk } from "./desk.ts";
import { useKey } from "./keyboard.ts";
import { mapHint } from "./map_hint.ts";
import { readPage } from "./pages.ts";
import { toast } from "./undo.ts";

/** More than somebody looks through before they press; the rest is named, never left out unsaid. */
const MOST = 500;

export function setUpChoosing(desk: Desk, map: LeafletMap): void {
  const open = byId("box-select");
  open.hidden = !desk.mayEdit;
  if (!desk.mayEdit) return;
  const act = () => void chooseInBox(desk, map);
  open.addEventListener("click", act);
  useKey({ keys: ["s"], shown: "S", does: () => t("Choose by a box on the map"), act });
  useKey({
    keys: ["x"],
    shown: "X",
    does: () => t("Choose for a change at once; with Shift all from the last one"),
    act: (event) => tick(desk, event.shiftKey),
  });
}

function tick(desk: Desk, isRange: boolean): void {
  const { report } = desk;
  if (!report) return;
  if (isRange) desk.ticks.range(report, desk.listed);
  else desk.ticks.toggle(report);
}

async function chooseInBox(desk: Desk, map: LeafletMap): Promise<void> {
  const unsay = mapHint(t("Draw a box on the map. Esc cancels."));
  const box = await drawBox(map);
  unsay();
  if (!box) return;
  const found = desk.large.value ? await askServer(desk, box) : here(desk, box);
  if (found === null) return;
  desk.ticks.add(found.slice(0, MOST));
  if (found.length === 0) toast(t("There is nothing in this box."));
  else if (found.length > MOST) {
    toast(ngettext("Only the first {n} are chosen.", "Only the first {n} are chosen.", MOST));
  }
}

function here(desk: Desk, box: Box): readonly Report[] {
  return desk.shown.value.filter(({ geometry }) => {
    const own = boxOf(geometry);
    return own !== null && boxesMeet(own, box);
  });
}

/** null where nothing could be read, which has been said: that is no empty box. */
async function askServer(desk: Desk, box: Box): Promise<readonly Report[] | null> {
  try {
    const asked = { bbox: boxText(box), limit: String(MOST + 1) };
    return (await readPage(desk, desk.query, asked)).features;
  } catch (error) {
    toast(error instanceof Problem ? error.message : t("No connection."));
    return null;
  }
}
