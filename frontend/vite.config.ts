// Builds what browsers load into the Python package. Names of pages' scripts have no hashes: the server adds one to their
// addresses. Parts that scripts load by themselves have one, so that parts of two builds never meet.
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/openspending/browse/static/built",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rollupOptions: {
      input: {
        chart: "src/chart.ts",
        viewer: "src/viewer.ts",
        manage: "src/manage.ts",
        wizard: "src/wizard.ts",
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name][extname]",
        // The charts are a part of their own: what the map shares with them is loaded by one address, and so only once.
        codeSplitting: {
          groups: [
            { name: "words", test: /\/src\/words\./, priority: 2 },
            { name: "element", test: /\/src\/element\.ts$/, priority: 1 },
          ],
        },
      },
    },
  },
});
