/** The import arrows of docs/architecture.md. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: "^(packages|web|infra)/", pathNot: [from, ...allowed] },
});

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    only("core-stands-alone", "^packages/core/", [], "the domain knows nobody"),
    only("databases-stands-alone", "^packages/databases/", [], "it knows no requests and no users"),
    only("functions-to-core-and-databases", "^packages/functions/", [
      "^packages/core/",
      "^packages/databases/",
    ]),
    {
      name: "web-knows-types-only",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^packages/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "cli-knows-types-only",
      comment: "the command line speaks to the API, with the types of its views and nothing else of ours",
      severity: "error",
      from: { path: "^packages/cli/" },
      to: { path: "^(packages|web|infra)/", pathNot: "^packages/cli/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nobody-imports-cli",
      severity: "error",
      from: { path: "^(packages|web|infra)/", pathNot: "^packages/cli/" },
      to: { path: "^packages/cli/" },
    },
    {
      name: "control-plane-has-no-driver",
      comment: "what browsers reach has no database driver",
      severity: "error",
      from: {
        path: "^packages/functions/src/(handlers/(api|api-stream|archive|sweep|notify)\\.ts|control-plane|http/)",
      },
      to: { path: "node_modules/(pg|mysql2)/", reachable: true },
    },
    {
      name: "nobody-imports-local",
      comment: "nothing in core or functions knows that it is local",
      severity: "error",
      from: { path: "^(packages/(core|databases|functions)|web|infra)/" },
      to: { path: "^packages/local/" },
    },
    {
      name: "no-tests-in-code",
      severity: "error",
      from: { path: "^(packages|web)/", pathNot: "\\.(test|arbitrary)\\.tsx?$" },
      to: { path: "(^test/|\\.test\\.tsx?$|node_modules/(vitest|fast-check)/)" },
    },
    {
      name: "features-stay-apart",
      severity: "error",
      from: { path: "^web/src/features/([^/]+)/" },
      to: { path: "^web/src/features/", pathNot: "^web/src/features/$1/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|\\.daypass)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
    },
  },
};
