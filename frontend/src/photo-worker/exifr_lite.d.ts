/** The small build of exifr has the same functions, and no types of its own. */
declare module "exifr/dist/lite.esm.mjs" {
  export * from "exifr";
}
