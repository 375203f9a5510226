import type { BuildOptions } from "esbuild";

/** What SST 4.17.1 gives to esbuild for a function that is an ES module; see its pkg/runtime/node/build.go. What is
 * measured, and what is looked at before a deployment, is bundled with these. */
export function bundleOptions({
  minify = false,
  external = [],
}: {
  minify?: boolean;
  external?: readonly string[];
}) {
  return {
    bundle: true,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "esnext",
    mainFields: ["module", "main"],
    minify,
    keepNames: true,
    sourcemap: false,
    external: ["sharp", "pg-native", ...external],
    banner: { js: requireInModules },
    logLevel: "silent",
  } satisfies BuildOptions;
}

/** What SST puts in front of every module that it bundles. */
export const requireInModules = [
  `import { createRequire as topLevelCreateRequire } from 'module';`,
  `const require = topLevelCreateRequire(import.meta.url);`,
  `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"`,
  `const __filename = topLevelFileUrlToPath(import.meta.url)`,
  `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))`,
].join("\n");
