// Bundles scripts, styles and the font, draws the icon sprite, and writes the manifest that asset() and icon() read.
//   node build.mjs [OUT]          OUT defaults to ../static/dist
import { createHash } from "node:crypto"
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { build } from "esbuild"

const here = import.meta.dirname
const out = path.resolve(here, process.argv[2] ?? "../static/dist")
const entryPoints = ["../static/js/app.js", "../static/js/portal.js", "../static/css/app.css"]

/** Entry points and the font, by the name that templates ask for -> the hashed file name. */
async function bundle() {
  const { metafile } = await build({
    absWorkingDir: here, entryPoints, outdir: out, bundle: true, minify: true, sourcemap: "linked", metafile: true,
    format: "esm", splitting: true, target: ["es2022", "chrome123", "firefox128", "safari17.5"],
    entryNames: "[name]-[hash]", chunkNames: "chunk-[hash]", assetNames: "font-[hash]",
    nodePaths: [path.join(here, "node_modules")], loader: { ".woff2": "file" }, legalComments: "linked",
    logLevel: "warning",
  })
  const names = {}
  for (const [file, meta] of Object.entries(metafile.outputs)) {
    const source = file.endsWith(".woff2") ? Object.keys(meta.inputs)[0] : meta.entryPoint
    const isAsked = entryPoints.includes(source) || source?.endsWith(".woff2")
    if (isAsked) names[path.basename(source).replace("[wght]", "")] = path.basename(file)
  }
  return names
}

/** One symbol per file of icons/; the name of the file is the id. */
async function sprite() {
  const symbols = []
  for (const file of (await readdir(path.join(here, "icons"))).filter((name) => name.endsWith(".svg")).sort()) {
    const svg = await readFile(path.join(here, "icons", file), "utf8")
    const [, viewBox, body] = svg.match(/^<svg [^>]*viewBox="([^"]+)"[^>]*>(.*)<\/svg>\s*$/s)
    symbols.push(`<symbol id="${path.basename(file, ".svg")}" viewBox="${viewBox}">${body}</symbol>`)
  }
  const text = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`
  const name = `icons-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.svg`
  await writeFile(path.join(out, name), text)
  return name
}

await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
const manifest = { ...(await bundle()), "icons.svg": await sprite() }
await writeFile(path.join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`)
console.log(`assets: ${Object.values(manifest).join(" ")}`)
