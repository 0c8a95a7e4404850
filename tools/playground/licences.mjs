// Lists the packages whose code, styles or fonts a build really contains.
//
// Vite's own `build.license` reads one bundle's scripts; here web workers are bundles of their
// own, and fonts and styles carry licences too.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);

const TERMS = /^(licen[cs]e|copying|notice|third-?party-?notices?)([.-].*)?$/i;

/** @typedef {string | { name: string }} Author */
/** @typedef {{ name: string, version: string, license?: string, licenses?: { type: string }[], author?: Author }} Manifest */
/** @typedef {{ manifest: Manifest, folder: string }} Package */

export class Licences {
  /** @type {Map<string, Package>} */
  #packages = new Map();

  /**
   * Collects from one bundle; give it to the page's build and to its workers'.
   * @returns {import("vite").Plugin}
   */
  plugin() {
    const add = this.#add.bind(this);
    return {
      name: "licences:collect",
      generateBundle(_, bundle) {
        for (const id of this.getModuleIds()) if (id.split("?")[0]?.endsWith(".css")) add(id);
        for (const file of Object.values(bundle)) {
          const sources = file.type === "chunk" ? file.moduleIds : file.originalFileNames;
          for (const source of sources) {
            add(path.resolve(this.environment.config.root, source));
          }
        }
      },
    };
  }

  /**
   * Writes what was collected, as one text.
   * @param {string} fileName
   * @returns {import("vite").Plugin}
   */
  writer(fileName) {
    return {
      name: "licences:write",
      writeBundle: {
        order: "post",
        handler: (options) => {
          fs.writeFileSync(path.join(options.dir ?? ".", fileName), this.#text());
        },
      },
    };
  }

  /** @param {string} id a module's or an asset's file */
  #add(id) {
    const file = id.replace(/^\0/, "").split("?")[0] ?? "";
    const end = file.lastIndexOf("/node_modules/");
    if (end < 0) return;
    const inside = file.slice(end + "/node_modules/".length).split("/");
    const name = inside.slice(0, file.startsWith("@", end + "/node_modules/".length) ? 2 : 1);
    const folder = path.join(file.slice(0, end), "node_modules", ...name);
    if (this.#packages.has(folder)) return;
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
    this.#packages.set(folder, { manifest, folder });
  }

  #text() {
    /** @type {Map<string, string>} */
    const entries = new Map();
    for (const found of this.#packages.values()) {
      const { name, version } = found.manifest;
      entries.set(`${name} ${version}`, entry(found));
    }
    const sorted = [...entries.keys()].sort().map((key) => entries.get(key));
    const head = `The files in this folder contain the following ${sorted.length} packages.\n`;
    return [head, ...sorted].join(`\n${"=".repeat(80)}\n\n`);
  }
}

/** @param {Package} found */
function entry({ manifest, folder }) {
  const { name, version, author } = manifest;
  const licence = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(" OR ");
  if (!licence) throw new Error(`${name} ${version} names no licence: do not bundle it`);
  const files = fs.readdirSync(folder).filter((file) => TERMS.test(file)).sort();
  const texts = files.map((file) => fs.readFileSync(path.join(folder, file), "utf8"));
  if (texts.length === 0) {
    // The standard text, for the packages that name a licence and forgot to enclose it.
    const by = (typeof author === "string" ? author : author?.name) ?? `the authors of ${name}`;
    const standard = require(`spdx-license-list/licenses/${licence}.json`);
    texts.push(`Copyright by ${by}. The standard text of ${licence}:`, standard.licenseText);
  }
  const body = texts.map((text) => text.replace(/\r\n?/g, "\n").trim()).join("\n\n");
  return `${name} ${version}\nLicence: ${licence}\n\n${body}\n`;
}
