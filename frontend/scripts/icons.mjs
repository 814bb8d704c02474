// Cuts the icon font down to the names in icons.txt and writes font and stylesheet where the bundler picks them up.
// The whole set weighs half a megabyte; the part in use is a twentieth of it.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import subsetFont from "subset-font";

const set = new URL("../node_modules/@tabler/icons-webfont/dist/", import.meta.url);
const out = new URL("../node_modules/.jcg-icons/", import.meta.url);

const wanted = [
  ...new Set(
    (await readFile(new URL("../icons.txt", import.meta.url), "utf8"))
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .flatMap((line) => line.split(/\s+/).filter(Boolean)),
  ),
].sort();

const sheet = await readFile(new URL("tabler-icons.css", set), "utf8");
const codes = new Map([...sheet.matchAll(/\.ti-([a-z0-9-]+):before\s*\{\s*content:\s*"\\([0-9a-f]+)"/g)].map((m) => [m[1], m[2]]));
const unknown = wanted.filter((name) => !codes.has(name));
if (unknown.length) {
  console.error(`icons.txt names icons the set does not have: ${unknown.join(" ")}`);
  process.exit(1);
}

const text = wanted.map((name) => String.fromCodePoint(parseInt(codes.get(name), 16))).join("");
const font = await subsetFont(await readFile(new URL("fonts/tabler-icons.woff2", set)), text, { targetFormat: "woff2" });
const rules = wanted.map((name) => `.ti-${name}::before{content:"\\${codes.get(name)}"}`).join("\n");

await mkdir(out, { recursive: true });
await writeFile(new URL("icons.woff2", out), font);
await writeFile(
  new URL("icons.css", out),
  `@font-face{font-family:"jcg-icons";font-display:block;src:url("./icons.woff2") format("woff2")}
.ti{font-family:"jcg-icons"!important;font-style:normal;font-weight:400;line-height:1;speak:never;display:inline-block;vertical-align:-.125em;-webkit-font-smoothing:antialiased}
${rules}
`,
);
console.log(`${wanted.length} icons, ${(font.length / 1024).toFixed(0)} kB`);
