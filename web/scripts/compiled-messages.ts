import { pathToFileURL } from "node:url";
import compile from "icu-minify/compile";
import type { Plugin } from "vite";

type Tree = { [key: string]: string | Tree };

/**
 * Parses the ICU messages when the page is built, so that the parser itself need not be loaded by a browser.
 * A message with a mistake in its syntax fails the build.
 */
export function compiledMessages(): Plugin {
  return {
    name: "daypass-compiled-messages",
    apply: "build",
    enforce: "pre",
    config: () => ({
      resolve: { alias: { "use-intl/format-message": "use-intl/format-message/format-only" } },
    }),
    async load(id) {
      const language = /\/src\/app\/messages\/(\w+)\/index\.ts$/.exec(id)?.[1];
      if (language === undefined) return null;
      const module = (await import(pathToFileURL(id).href)) as Record<string, Tree>;
      const catalogue = module[language];
      if (catalogue === undefined) throw new Error(`${id} does not export "${language}"`);
      return `export const ${language} = ${JSON.stringify(compileTree(catalogue))};`;
    },
  };
}

function compileTree(tree: Tree, path: string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === "string" ? compileOne(value, [...path, key]) : compileTree(value, [...path, key]),
    ]),
  );
}

function compileOne(message: string, path: string[]): unknown {
  try {
    return compile(message);
  } catch (cause) {
    throw new Error(`The message ${path.join(".")} is not in ICU syntax: ${message}`, { cause });
  }
}
