/// <reference path="./.sst/platform/config.d.ts" />

/** Two kinds of stage: production is protected and keeps its data; any other can be removed without a trace. */
export default $config({
  app(input) {
    const isProduction = input.stage === "production";
    return {
      name: "daypass",
      home: "aws",
      removal: isProduction ? "retain" : "remove",
      protect: isProduction,
    };
  },
  async run() {
    const { createTable } = await import("./infra/table");
    createTable();
  },
});
