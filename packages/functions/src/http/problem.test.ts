import { conflict, DomainError, type ErrorKind } from "@daypass/core/kernel/errors.ts";
import { describe, expect, test } from "vitest";
import { HttpProblem, problemResponse, problemView } from "./problem.ts";

async function answerTo(error: unknown) {
  const response = problemResponse(error, "request-1");
  return { response, body: problemView.parse(await response.json()) };
}

describe("problems", () => {
  test.each<[ErrorKind, number]>([
    ["invalid", 400],
    ["unauthenticated", 401],
    ["forbidden", 403],
    ["not-found", 404],
    ["conflict", 409],
    ["limited", 429],
    ["unavailable", 503],
  ])("%s is answered with %i", async (kind, status) => {
    const { response, body } = await answerTo(new DomainError(kind, "thing.code", "A sentence."));
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(body).toMatchObject({ status, code: "thing.code", detail: "A sentence.", requestId: "request-1" });
    expect(body.title).not.toBe("Error");
  });

  test("anything else tells the request's id and nothing of itself", async () => {
    const error = new TypeError("connect to postgres://admin:hunter2@db failed");
    const { response, body } = await answerTo(error);
    expect(response.status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/hunter2|postgres|TypeError/);
    expect(body.requestId).toBe("request-1");
  });

  test("a cause is never told", async () => {
    const error = new DomainError("unavailable", "secret.unavailable", "Not now.", {
      cause: new Error("hunter2"),
    });
    expect(JSON.stringify((await answerTo(error)).body)).not.toContain("hunter2");
  });

  test("details are told, and cannot stand in for a member of the standard", async () => {
    const error = conflict("request.already-decided", "Done.", {
      status: "approved",
      code: "x",
      decidedBy: { name: "Lea" },
    });
    const { body } = await answerTo(error);
    expect(body).toMatchObject({
      status: 409,
      code: "request.already-decided",
      state: "approved",
      decidedBy: { name: "Lea" },
    });
  });

  test("who comes too often is told when to come again", async () => {
    const error = new DomainError("limited", "limit.too-many", "Wait.", {
      details: { retryAfterSeconds: 7 },
    });
    expect((await answerTo(error)).response.headers.get("retry-after")).toBe("7");
  });

  test("an http problem keeps its headers", async () => {
    const { response } = await answerTo(new HttpProblem(405, "http.method", "No.", { allow: "GET" }));
    expect(response.headers.get("allow")).toBe("GET");
  });
});
