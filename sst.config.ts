/// <reference path="./.sst/platform/config.d.ts" />

/** Two kinds of stage: production is protected and keeps its data; any other can be removed without a trace. What
 * differs from one installation to the next is in `daypass.config.json`; `daypass.config.example.json` shows it. */
export default $config({
  async app({ stage }) {
    const { readSettings } = await import("./infra/read-settings");
    const isProduction = stage === "production";
    return {
      name: "daypass",
      home: "aws",
      version: "4.17.1",
      providers: {
        aws: {
          version: "7.20.0",
          region: readSettings(stage).region as aws.Region,
          defaultTags: { tags: { application: "daypass", stage } },
        },
        random: "4.16.6",
      },
      removal: isProduction ? "retain" : "remove",
      protect: isProduction,
    };
  },
  async run() {
    const { createSystem } = await import("./infra/system");
    return createSystem();
  },
});
