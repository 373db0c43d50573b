// Bundles every page and vendors Leaflet. `node build.mjs` once, `node build.mjs --watch` while working.

import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "static", "build");
const vendor = join(here, "static", "vendor", "leaflet");

/** Every folder of src/ with a main.ts is a page: src/hq/main.ts -> static/build/hq.js. */
async function pageScripts() {
  const folders = await readdir(join(here, "src"), { withFileTypes: true });
  const entries = folders
    .filter((folder) => folder.isDirectory())
    .map((folder) => [folder.name, join(here, "src", folder.name, "main.ts")])
    .filter(([, file]) => existsSync(file));
  return Object.fromEntries(entries);
}

/** The style of a page: css/<page>.css -> static/build/<page>.css with its @imports folded in. */
async function pageStyles() {
  const pages = Object.keys(await pageScripts()).map((page) => [
    page,
    join(here, "css", `${page}.css`),
  ]);
  return Object.fromEntries(pages.filter(([, file]) => existsSync(file)));
}

// The folder's name is its URL: it stands before django-leaflet's own static folder in
// STATICFILES_DIRS, so that `leaflet/leaflet.js` is 1.9.4 and not the 1.9.3 it bundles.
// The maps come along because the manifest storage follows sourceMappingURL.
async function vendorLeaflet() {
  const dist = join(here, "node_modules", "leaflet", "dist");
  const names = ["leaflet.js", "leaflet.js.map", "leaflet-src.js", "leaflet-src.js.map"];
  await rm(vendor, { recursive: true, force: true });
  await mkdir(vendor, { recursive: true });
  for (const name of [...names, "leaflet.css", "images"]) {
    await cp(join(dist, name), join(vendor, name), { recursive: true });
  }
}

/** frontend/icons/*.svg as one SVG text; `#icon-<name>` each, 24 x 24 units, currentColor. */
async function iconSprite() {
  const folder = join(here, "icons");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".svg")).sort();
  const symbols = files.map(async (file) => {
    const [, inner] = (await readFile(join(folder, file), "utf-8")).match(/<svg[^>]*>(.*)<\/svg>/s);
    return `<symbol id="icon-${file.slice(0, -4)}" viewBox="0 0 24 24">${inner.trim()}</symbol>`;
  });
  const head = '<svg xmlns="http://www.w3.org/2000/svg" id="icon-sprite" width="0" height="0"';
  return `${head} class="icon-sprite" aria-hidden="true">${(await Promise.all(symbols)).join("")}</svg>`;
}

const icons = {
  name: "icons",
  setup(bundle) {
    bundle.onResolve({ filter: /^virtual:icons$/ }, () => ({ path: "icons", namespace: "icons" }));
    bundle.onLoad({ filter: /./, namespace: "icons" }, async () => ({
      contents: `export default ${JSON.stringify(await iconSprite())}`,
      watchDirs: [join(here, "icons")],
    }));
  },
};

const shared = {
  bundle: true,
  outdir: out,
  minify: true,
  sourcemap: true,
  logLevel: "warning",
  target: ["es2022", "safari16"],
  // texts stand as they are written: frontend/phone_words.py looks for them
  charset: "utf8",
};

const scripts = async () => {
  const { phone, ...entryPoints } = await pageScripts();
  return { ...shared, entryPoints, format: "iife", plugins: [icons] };
};
/** In pieces: the camera opens over a thin line before the other screens have come. */
const phoneScripts = async () => ({
  ...shared,
  entryPoints: { phone: (await pageScripts()).phone },
  format: "esm",
  splitting: true,
  chunkNames: "phone-[name]-[hash]",
  plugins: [icons],
});
const styles = async () => ({ ...shared, entryPoints: await pageStyles(), external: ["*.svg"] });

/** Files of entries that are gone. Last of all, so that a page in use never misses its own. */
async function removeAllBut(made) {
  for (const name of await readdir(out)) {
    if (!made.has(name)) await rm(join(out, name), { recursive: true });
  }
}

await vendorLeaflet();
const made = new Set();
for (const options of [await scripts(), await phoneScripts(), await styles()]) {
  if (process.argv.includes("--watch")) {
    await (await context(options)).watch();
    continue;
  }
  const { metafile } = await build({ ...options, metafile: true });
  for (const file of Object.keys(metafile.outputs)) made.add(basename(file));
}
if (made.size > 0) await removeAllBut(made);
