import { operationNames, permissionFor } from "@daypass/core/kernel/permission.ts";
import { hc } from "hono/client";
import { describe, expect, test } from "vitest";
import { type Api, createApp } from "./app.ts";

type Schema = { $ref?: string; [key: string]: unknown };
type Operation = {
  operationId: string;
  summary: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
  "x-operations"?: string[];
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> };
};

const document = await readDocument();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe("the OpenAPI document", () => {
  test("is version 3.1 and says what it describes", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(document.info).toMatchObject({ title: "Daypass", version: "1.2.3" });
  });

  test("every operation that people may do has its route, and every route its operation", () => {
    const forPeople = operationNames.filter((name) =>
      permissionFor(name).allow.some((relation) => !["workflow", "sweeper", "setup"].includes(relation)),
    );
    const routed = operations.flatMap(({ operation }) => operation["x-operations"] ?? []);
    expect([...new Set(routed)].toSorted()).toEqual(forPeople.toSorted());
  });

  test("every route is named after its operation, and no two alike", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
    const others = ["health", "session.begin-sign-in"];
    const named = operations.filter(
      ({ operation }) => operation["x-operations"]?.[0] === operation.operationId,
    );
    expect(named.length).toBe(operations.length - others.length);
  });

  test("every parameter of a path is declared, and required", () => {
    for (const { path, operation } of operations) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(
        declared.map(({ name }) => name),
        path,
      ).toEqual(wanted);
      expect(
        declared.every(({ required }) => required),
        path,
      ).toBe(true);
    }
  });

  test("every answer is described, and a problem may always be one", () => {
    for (const { path, operation } of operations) {
      expect(operation.summary.length, path).toBeGreaterThan(5);
      expect(
        Object.keys(operation.responses).some((status) => /^[23]\d\d$/.test(status)),
        path,
      ).toBe(true);
      expect(Object.keys(operation.responses["default"]?.content ?? {}), path).toEqual([
        "application/problem+json",
      ]);
    }
  });

  test("every reference leads somewhere, and views are named", () => {
    const { schemas } = document.components;
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      (match) => match[1] ?? "",
    );
    expect(references.filter((one) => !schemas[one.replace("#/components/schemas/", "")])).toEqual([]);
    expect(Object.keys(schemas)).toEqual(
      expect.arrayContaining([
        "Request",
        "RequestDetail",
        "Grant",
        "Credential",
        "Event",
        "Instance",
        "Problem",
        "Me",
      ]),
    );
  });

  test("objects that clients send take no unknown fields", () => {
    for (const { path, operation } of operations) {
      const schema = operation.requestBody?.content["application/json"]?.schema;
      if (schema) expect(isClosed(schema), `${operation.operationId} ${path}`).toBe(true);
    }
  });

  test("only health, sign-in and the document itself are open", () => {
    const open = operations
      .filter(({ operation }) => operation.security?.length === 0)
      .map(({ path }) => path);
    expect(open.toSorted()).toEqual(["/api/health", "/api/sign-in", "/api/sign-in/callback"]);
  });
});

test("a typed client knows the routes, their parameters and their answers", () => {
  const { api } = hc<Api>("https://daypass.example.com");
  const id = "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN";
  expect(api.grants[":id"].credential.$url({ param: { id } }).pathname).toBe(`/api/grants/${id}/credential`);
  const asked = { databaseId: id, level: "read", durationMinutes: 60, reason: "a reason" } as const;
  type Filed = Awaited<ReturnType<Awaited<ReturnType<typeof api.requests.$post>>["json"]>>;
  const statusOf = (filed: Filed): "pending" | "approved" | "rejected" | "cancelled" | "lapsed" =>
    filed.status;
  const send = () => api.requests.$post({ json: asked, header: {} });
  expect([typeof send, typeof statusOf]).toEqual(["function", "function"]);
});

function isClosed(given: Schema): boolean {
  const schema = given.$ref
    ? (document.components.schemas[given.$ref.split("/").at(-1) ?? ""] ?? given)
    : given;
  const choices = (schema["oneOf"] ?? schema["anyOf"]) as Schema[] | undefined;
  return choices ? choices.every(isClosed) : schema["additionalProperties"] === false;
}

async function readDocument(): Promise<Document> {
  const nobody = () => {
    throw new Error("the document needs no context");
  };
  const app = createApp({
    origin: "https://daypass.example.com",
    version: "1.2.3",
    originSecretDigests: [],
    countFault: () => undefined,
    perMinute: { signIns: 1, changes: 1, previews: 1 },
    logFor: () => ({ info: () => undefined, warn: () => undefined, error: () => undefined }),
    contextFor: nobody,
  });
  const response = await app.request("/api/openapi.json");
  return (await response.json()) as Document;
}
