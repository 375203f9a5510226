import type { Scope } from "@daypass/core/catalog/catalog.view.ts";
import type { Scope as EngineScope } from "@daypass/databases/engine.ts";

/** The same scope, with a table that is not named left out instead of undefined. */
export function engineScope(scope: Scope): EngineScope {
  if (scope.kind === "database") return scope;
  const objects = scope.objects.map(({ schema, table }) =>
    table === undefined ? { schema } : { schema, table },
  );
  return { kind: "objects", objects };
}
