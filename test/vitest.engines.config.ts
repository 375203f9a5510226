import { defineConfig } from "vitest/config";

/** Real database servers, started on a temporary folder and a free port. One file at a time: the machine is small. */
export default defineConfig({
  test: {
    include: ["test/engines/**/*.test.ts"],
    environment: "node",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
