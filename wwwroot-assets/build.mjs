// Bundles what a page imports by name into dist/js. Shared code and Plotly become chunks of their own, so that a page without a
// chart loads no Plotly.
import { rm } from "node:fs/promises";
import { build } from "esbuild";

await rm("dist", { recursive: true, force: true });
await build({
  entryPoints: ["src/editor.ts", "src/promptView.ts", "src/share.ts", "src/turns.ts", "src/runCharts.ts", "src/menu.ts", "src/palette.ts", "src/tokens.ts", "src/shell.ts", "src/scroll.ts"],
  outdir: "dist/js",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});
