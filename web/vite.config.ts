import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compiledMessages } from "./scripts/compiled-messages.ts";

/** `DAYPASS_ORIGIN` is where `npm start` answers; only the development server of the page uses it. */
const origin = process.env["DAYPASS_ORIGIN"] ?? "http://127.0.0.1:4000";

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      routesDirectory: "./src/app/routes",
      generatedRouteTree: "./src/app/routes.gen.ts",
      quoteStyle: "double",
      semicolons: true,
    }),
    react(),
    compiledMessages(),
  ],
  build: {
    target: "es2023",
    // Nothing is inlined as data: or as an inline script, so that the content security policy can stay strict.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: { host: "127.0.0.1", proxy: { "/api": origin } },
});
