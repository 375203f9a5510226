import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import type { Metafile } from "esbuild";
import { build } from "esbuild";
import { bundleOptions } from "../../../scripts/bundle-options.ts";
import type { Bundle } from "./rendered.ts";

/** What SST's command line is asked by a function that is being made. */
export type BuildInput = {
  functionID: string;
  handler: string;
  properties: {
    minify?: boolean;
    format?: string;
    sourcemap?: boolean;
    install?: unknown;
    esbuild?: { external?: string[] };
  };
};
export type BuildOutput = { handler: string; out: string; errors: string[]; sourcemaps: string[] };

/** Bundles a handler as SST's command line does, and looks whether it exports what Lambda will call. A bundle is made
 * once for all renderings of one run. */
export async function bundleHandler(
  root: string,
  folder: string,
  { functionID, handler, properties }: BuildInput,
): Promise<{ output: BuildOutput; bundle?: Bundle }> {
  const { dir, name, ext } = parse(handler);
  const source = join(root, dir, `${name}.ts`);
  const out = join(folder, name);
  const output = { handler: `${name}${ext}`, out, errors: [] as string[], sourcemaps: [] };
  if (!existsSync(source)) {
    output.errors.push(`Handler not found: ${handler} of the function ${functionID}`);
    return { output };
  }
  const facts = join(folder, `${name}.json`);
  if (!existsSync(facts)) {
    await mkdir(out, { recursive: true });
    const { metafile } = await build({
      ...bundleOptions({
        minify: properties.minify ?? false,
        external: properties.esbuild?.external ?? [],
      }),
      entryPoints: [source],
      outfile: join(out, `${name}.mjs`),
    });
    await writeFile(facts, JSON.stringify(factsOf(metafile)));
  }
  const { exports, bytes, modules } = JSON.parse(await readFile(facts, "utf8")) as ReturnType<typeof factsOf>;
  if (!exports.includes(ext.slice(1))) {
    output.errors.push(`${handler} of the function ${functionID} is not exported`);
  }
  return {
    output,
    bundle: { functionId: functionID, handler, file: join(out, `${name}.mjs`), bytes, modules },
  };
}

function factsOf(metafile: Metafile) {
  const [output] = Object.values(metafile.outputs);
  return {
    exports: output?.exports ?? [],
    bytes: output?.bytes ?? 0,
    modules: Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [path] : [],
    ),
  };
}
