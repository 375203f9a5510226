import { build, type Metafile } from "esbuild";
import { external } from "../infra/external.ts";

export type Bundle = { code: string; bytes: number; inputs: readonly string[] };

const banner = [
  `import { createRequire as topLevelCreateRequire } from "module";`,
  `const require = topLevelCreateRequire(import.meta.url);`,
  `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url";`,
  `const __filename = topLevelFileUrlToPath(import.meta.url);`,
  `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url));`,
].join("\n");

/** Bundles a Lambda handler with the options that SST gives to esbuild for `format: "esm"` and `minify: true`, so that
 * what is measured and looked at here is what would be deployed. Nothing is written. */
export async function bundle(entry: string | { contents: string; resolveDir: string }): Promise<Bundle> {
  const from = typeof entry === "string" ? { entryPoints: [entry] } : { stdin: { ...entry, loader: "ts" } };
  const { outputFiles, metafile } = await build({
    ...(from as { entryPoints: string[] }),
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    minify: true,
    keepNames: true,
    external: ["sharp", "pg-native", ...external],
    banner: { js: banner },
    logLevel: "silent",
  });
  const code = outputFiles[0]?.text ?? "";
  return { code, bytes: Buffer.byteLength(code), inputs: usedInputs(metafile) };
}

/** Only files of which something was kept. */
function usedInputs({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
}
