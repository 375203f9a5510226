import { prepareRendering, run, step } from "./prepare.ts";

/** `npm run test:infra`: an infrastructure that was rendered and looked at, without AWS. */
await prepareRendering();
await step("types of sst.config.ts and infra/", () =>
  run("node node_modules/typescript-7/bin/tsc -p infra/tsconfig.json"),
);
await step("guarantees and planted mistakes", () => run("vitest run --project infra", {}, true));
