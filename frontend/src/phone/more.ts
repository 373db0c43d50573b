/** All that the first screens do not need: a bundle of its own, fetched when they stand. */

export { startAround } from "./around/around.ts";
export { list } from "./screens/list.ts";
export { map } from "./screens/map.ts";
export { notices } from "./screens/notices.ts";
export { outbox } from "./screens/outbox.ts";
export { place } from "./screens/place.ts";
export { report } from "./screens/report.ts";
export { rules } from "./screens/rules.ts";
export { settings } from "./screens/settings.ts";
export { shelter } from "./screens/shelter.ts";
