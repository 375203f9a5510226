import { configDefaults, defineConfig } from "vitest/config";

const foreign = process.env.AWS_ENDPOINT_URL_DYNAMODB !== undefined;

/**
 * Suites written against endpoints with the real SDK clients. With AWS_ENDPOINT_URL_DYNAMODB set, another
 * implementation takes the place of ours, and what only ours has (`local/`) is left out.
 */
export default defineConfig({
  test: {
    include: ["test/contract/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(foreign ? ["test/contract/dynamodb/local/**"] : [])],
    environment: "node",
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
