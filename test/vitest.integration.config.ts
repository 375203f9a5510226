import { defineConfig } from "vitest/config";

/** Operations of core on the local DynamoDB, kept in memory and reached through the real SDK client. */
export default defineConfig({
  test: {
    include: ["test/integration/**/*.test.ts"],
    environment: "node",
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
