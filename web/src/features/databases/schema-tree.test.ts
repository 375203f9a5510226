import type { TableView } from "@daypass/core/catalog/catalog.view.ts";
import { describe, expect, it } from "vitest";
import { schemaTree } from "./schema-tree.ts";

const table = (schema: string, name: string, columns: string[] = []): TableView => ({
  schema,
  name,
  kind: "table",
  comment: null,
  rowEstimate: null,
  columns: columns.map((column) => ({
    name: column,
    type: "text",
    nullable: true,
    primaryKey: false,
    comment: null,
  })),
});

describe("schemaTree", () => {
  const tables = [
    table("public", "orders", ["id", "Customer_Id"]),
    table("support", "tickets"),
    table("public", "carts"),
  ];

  it("puts tables under their schema and keeps the order they came in", () => {
    expect(
      schemaTree(tables, "").map((group) => [group.schema, group.tables.map(({ name }) => name)]),
    ).toEqual([
      ["public", ["orders", "carts"]],
      ["support", ["tickets"]],
    ]);
  });

  it("finds a table by its name with its schema, and by a column, whatever the case", () => {
    expect(schemaTree(tables, "PORT.tick").flatMap((group) => group.tables)).toEqual([tables[1]]);
    expect(schemaTree(tables, "customer_id").flatMap((group) => group.tables)).toEqual([tables[0]]);
  });

  it("leaves out schemas in which nothing matches", () => {
    expect(schemaTree(tables, "nothing like this")).toEqual([]);
  });
});
