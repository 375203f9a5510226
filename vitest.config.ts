import { defineConfig } from "vitest/config";

/** Unit tests: beside the code they test, no network, no sleep, a fixed clock. */
export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "web/src/**/*.test.{ts,tsx}"],
    environment: "node",
  },
});
