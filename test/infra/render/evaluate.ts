import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { requireInModules } from "../../../scripts/bundle-options.ts";
import type { Job, Planted } from "./job.ts";

export type Place = { root: string; platform: string };

/** What `app()` of sst.config.ts says, asked as the command line asks it. */
export function evaluateApp(place: Place, job: Job): Promise<Record<string, unknown>> {
  const code = `
    import config from ${JSON.stringify(join(place.root, "sst.config.ts"))};
    export default await config.app({ stage: ${JSON.stringify(job.stage)} });`;
  Object.assign(globalThis, { identity: (config: unknown) => config });
  return evaluate(place, job, code, { $config: "globalThis.identity" }, []);
}

/** Runs `run()` of sst.config.ts with the globals that the command line provides. */
export function evaluateRun(
  place: Place,
  job: Job,
  app: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const code = `
    import * as aws from "@pulumi/aws";
    import * as random from "@pulumi/random";
    import * as sst from "./src/components/index.ts";
    import { run } from "./src/auto/run.ts";
    import config from ${JSON.stringify(join(place.root, "sst.config.ts"))};
    Object.assign(globalThis, { aws, random, sst });
    export default await run(config.run);`;
  const cli = {
    command: "deploy",
    rpc: process.env["SST_SERVER"],
    paths: { home: job.work, root: place.root, work: job.work, platform: place.platform },
    state: { version: {} },
  };
  const define = {
    $app: JSON.stringify({ protect: false, removal: "retain", ...app, stage: job.stage }),
    $cli: JSON.stringify(cli),
    $dev: "false",
  };
  return evaluate(place, job, code, define, [join(place.platform, "src/shim/run.js")]);
}

let evaluations = 0;

/** Bundles as the command line does, into SST's own folder, so that its packages are found. */
async function evaluate(
  { root, platform }: Place,
  job: Job,
  contents: string,
  define: Record<string, string>,
  inject: string[],
): Promise<Record<string, unknown>> {
  evaluations += 1;
  const outfile = join(platform, `rendered.${process.pid}.${evaluations}.mjs`);
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: platform, sourcefile: "eval.ts", loader: "ts" },
    outfile,
    write: false,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    define,
    inject,
    plugins: [planting(root, job.isQuick ? [...job.planted, smallPage] : job.planted)],
    logLevel: "silent",
    banner: { js: requireInModules },
  });
  await writeFile(outfile, outputFiles[0]?.text ?? "");
  try {
    const module = (await import(pathToFileURL(outfile).href)) as { default: Record<string, unknown> };
    return module.default;
  } finally {
    await rm(outfile);
  }
}

const smallPage: Planted = {
  file: "infra/page.ts",
  find: 'const folder = "web/dist";',
  replace: 'const folder = "test/infra/small-page";',
};

/** A mistake that finds nothing to replace is itself a mistake. */
function planting(root: string, planted: readonly Planted[]): Plugin {
  return {
    name: "planting",
    setup(builder) {
      builder.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const mine = planted.filter(({ file }) => join(root, file) === path);
        if (mine.length === 0) return undefined;
        let contents = await readFile(path, "utf8");
        for (const { file, find, replace } of mine) {
          if (!contents.includes(find)) throw new Error(`${file} lacks the text to be replaced: ${find}`);
          contents = contents.replace(find, () => replace);
        }
        return { contents, loader: "ts" };
      });
    },
  };
}
