import { configDefaults, defineConfig } from "vitest/config";

const slow = { testTimeout: 60_000, hookTimeout: 60_000 };
/** Where real processes and real time are at work, a busy machine gets a second chance in CI; nobody else does. */
const busy = { retry: process.env["CI"] ? 1 : 0 };
/** Another implementation (or AWS) in place of ours: what only ours has is left out. */
const foreign = Object.keys(process.env).some((name) => name.startsWith("AWS_ENDPOINT_URL_"));
const onlyOurs = foreign ? ["test/contract/*/local/**"] : [];

/** Files of these projects share the modules that they load: most of their time would otherwise go into loading them. */
const shared = { isolate: false };
const handlers = "test/integration/http/handlers/**/*.test.ts";

/** What needs a program that npm has not: run by `npm run test:engines`, not by `npm test`. */
const mariadb = ["test/{contract,engines}/**/{mariadb,mysql}*.test.ts"];

/** What tests programs of ours or of the machine, whatever the server's version is. */
const ofNoVersion = ["test/engines/postgres-{binaries,pasted}.test.ts"];

/** Unit tests stand beside the code: no network, no sleep, a fixed clock. What needs more than one room is in test/. */
export default defineConfig({
  test: {
    reporters: ["default", "./test/slowest-tests.ts", "./test/closing-line.ts"],
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "web/src/**/*.test.{ts,tsx}"],
          testTimeout: 30_000,
        },
      },
      { test: { name: "architecture", include: ["test/architecture/**/*.test.ts"], ...slow, ...shared } },
      {
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...onlyOurs, ...mariadb],
          ...slow,
          ...busy,
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          exclude: [...configDefaults.exclude, handlers],
          ...slow,
          ...shared,
        },
      },
      // The real handlers read their environment when they are loaded, so each file needs modules of its own.
      { test: { name: "handlers", include: [handlers], ...slow } },
      {
        test: {
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...mariadb],
          ...slow,
          ...busy,
        },
      },
      ...["15", "16", "18"].map((version) => ({
        test: {
          name: `postgres-${version}`,
          include: ["test/engines/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...mariadb, ...ofNoVersion],
          env: { DAYPASS_POSTGRES_VERSION: version },
          ...slow,
          ...busy,
        },
      })),
      { test: { name: "mariadb", include: mariadb, ...slow, ...busy } },
      {
        test: {
          name: "mysql",
          include: ["test/engines/**/mysql*.test.ts"],
          env: { DAYPASS_TEST_FLAVOUR: "mysql" },
          ...slow,
          ...busy,
        },
      },
      {
        test: {
          name: "infra",
          include: ["test/infra/**/*.test.ts"],
          globalSetup: "test/infra/setup.ts",
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          ...busy,
        },
      },
    ],
  },
});
