/** Names of what the phone keeps beside the app itself; pages and service worker share them. */

/** Map tiles as they were seen; the oldest make room. */
export const TILES = "tiles";
/** Map tiles of an area that a person chose to keep: only a person throws them away. */
export const KEPT_TILES = "kept-tiles";
/** Copies of photos that were looked at. To be emptied when the phone is locked out. */
export const PHOTOS = "photos";
