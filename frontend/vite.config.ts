// Builds what browsers load into the Python package. Names have no hashes: the server adds one to every address.
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
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
