/** The phone's maps. Loaded after Leaflet, when a screen first needs one (phone/map_bundle.ts). */

import { around } from "./around_map.ts";
import { crosshair } from "./crosshair.ts";

window.gspacePhoneMap = { crosshair, around };
