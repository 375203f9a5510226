import type { Scope } from "./api.ts";

type Objects = Extract<Scope, { kind: "objects" }>["objects"];

/** A scope as one text of the address: `public.orders,support.*`; undefined for the whole database. */
export function scopeToParam(scope: Scope): string | undefined {
  if (scope.kind === "database") return undefined;
  return scope.objects
    .map((object) => `${escaped(object.schema)}.${object.table === undefined ? "*" : escaped(object.table)}`)
    .join(",");
}

/** Reads it back; what is not a scope is the whole database, never a part that nobody named. */
export function scopeFromParam(text: string | undefined): Scope {
  const objects: Objects = [];
  for (const item of (text ?? "").split(",")) {
    const [schema = "", table = "", ...rest] = item.split(".").map(unescaped);
    if (schema === "" || table === "" || rest.length > 0) return { kind: "database" };
    objects.push(table === "*" && item.endsWith(".*") ? { schema } : { schema, table });
  }
  return { kind: "objects", objects };
}

/** Names may hold anything; the three signs that mean something here are percent-encoded. */
function escaped(name: string): string {
  return name.replace(/[%,.*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function unescaped(text: string): string {
  return text.replace(/%(25|2C|2E|2A)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
