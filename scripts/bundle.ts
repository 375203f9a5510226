import { build, type Metafile } from "esbuild";
import { external } from "../infra/external.ts";
import { bundleOptions } from "./bundle-options.ts";

export type Bundle = { code: string; bytes: number; inputs: readonly string[] };

/** Bundles a Lambda handler as it would be deployed. Nothing is written. */
export async function bundle(entry: string | { contents: string; resolveDir: string }): Promise<Bundle> {
  const from = typeof entry === "string" ? { entryPoints: [entry] } : { stdin: { ...entry, loader: "ts" } };
  const { outputFiles, metafile } = await build({
    ...(from as { entryPoints: string[] }),
    ...bundleOptions({ minify: true, external }),
    write: false,
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
