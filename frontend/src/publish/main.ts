/** The publisher's pages: each works as a plain form; what a screen adds is started here. */

import { useLanguage } from "../core/language.ts";
import { useZone } from "../core/times.ts";
import { startFile } from "./file.ts";
import { type PageData, readPageData } from "./page_data.ts";
import { PLACE_SCREENS } from "./places.ts";
import { startVersion } from "./version.ts";

const SCREENS: Readonly<Record<string, (page: PageData) => void>> = {
  ...PLACE_SCREENS,
  file: startFile,
  version: startVersion,
};

const page = readPageData();
if (page) {
  useLanguage(page.language, page.catalogue);
  useZone(page.time_zone);
  SCREENS[page.screen]?.(page);
}
