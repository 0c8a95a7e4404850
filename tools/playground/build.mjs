// Builds the two pages into FOLDER/playground and FOLDER/docs.
// Usage: node build.mjs FOLDER
import { fileURLToPath } from "node:url";
import path from "node:path";
import { build } from "vite";
import { Licences } from "./licences.mjs";

const [folder = ""] = process.argv.slice(2);
if (!folder) throw new Error("usage: node build.mjs FOLDER");
const here = path.dirname(fileURLToPath(import.meta.url));

// Swagger UI renders by a function of react-dom that React 19 moved to another module.
const react18 = [{ find: /^(react|react-dom)(?=$|\/)/, replacement: "$1-18" }];

/**
 * @param {string} page the page's folder here, and its folder below static/
 * @param {import("vite").AliasOptions} alias
 */
async function buildPage(page, alias = []) {
  const licences = new Licences();
  await build({
    root: path.join(here, page),
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    base: "./",
    resolve: { alias },
    plugins: [licences.plugin(), licences.writer("THIRD_PARTY_LICENCES.txt")],
    worker: { plugins: () => [licences.plugin()] },
    experimental: {
      // A page is served one level above its files, at /graphql or /docs and perhaps below a
      // prefix, so only its HTML names them by another path than they name each other.
      renderBuiltUrl: (file, { hostType }) =>
        hostType === "html" ? `static/${page}/${file}` : { relative: true },
    },
    build: {
      outDir: path.resolve(folder, page),
      emptyOutDir: true,
      target: "es2022",
      // A data: URL would need its own permission in the Content-Security-Policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4096,
      rolldownOptions: {
        checks: { pluginTimings: false },
        onwarn(warning, warn) {
          // React libraries mark modules for servers that render; in a browser it means nothing.
          if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
        },
      },
    },
  });
}

await buildPage("playground");
await buildPage("docs", react18);
