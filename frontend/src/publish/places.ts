/** The pages of places: list and map, the states one after another, one place, a new one. */

import { onMap } from "../map/start.ts";
import { setUpLiveForms } from "./live_forms.ts";
import type { PageData } from "./page_data.ts";
import { setUpPick } from "./place_pick.ts";
import type { PlacesData } from "./places_data.ts";
import { showPlaces } from "./places_map.ts";

export const PLACE_SCREENS: Readonly<Record<string, (page: PageData) => void>> = {
  places: (page) => onMap((map) => showPlaces(page as PlacesData, map)),
  states: setUpLiveForms,
  place: (page) => {
    setUpLiveForms();
    onMap((map) => setUpPick(page as PlacesData, map));
  },
  place_new: (page) => onMap((map) => setUpPick(page as PlacesData, map)),
};
