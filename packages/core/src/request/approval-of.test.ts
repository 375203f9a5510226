import { describe, expect, test } from "vitest";
import type { Instant } from "../kernel/clock.ts";
import type { UserActor } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import { approvalOf, currentStep, isParticipant, reviewRight } from "./approval-of.ts";
import { aRequest } from "./request.example.ts";
import type { Review } from "./request.ts";

const two = {
  ...aRequest,
  steps: [
    { count: 1, users: [], groups: ["leads"] },
    { count: 1, users: ["usr_operator"], groups: ["operations"] },
  ],
};
const person = (id: string, groups: string[] = []): UserActor => ({
  kind: "user",
  id: `usr_${id}` as Id<"user">,
  name: id,
  email: `${id}@example.com`,
  groups,
  roles: ["member"],
  scopes: [],
  via: { kind: "session", idHash: "0" },
});
const vote = (id: string, step: number, decision: Review["decision"] = "approve"): Review => ({
  reviewer: { id: `usr_${id}` as Id<"user">, name: id, email: `${id}@example.com` },
  step,
  decision,
  at: "2026-06-09T12:00:00.000Z" as Instant,
});

describe("the step that waits", () => {
  test("is the first that lacks votes, and none once all have theirs", () => {
    expect(currentStep(two)).toBe(two.steps[0]);
    expect(currentStep({ ...two, reviews: [vote("lead", 0)] })).toBe(two.steps[1]);
    const all = { ...two, reviews: [vote("lead", 0), vote("operator", 1)] };
    expect(currentStep(all)).toBeUndefined();
    expect(approvalOf(all).complete).toBe(true);
  });

  test("is not passed by a rejection, by the requester's own vote, or by one person twice", () => {
    expect(currentStep({ ...two, reviews: [vote("lead", 0, "reject")] })).toBe(two.steps[0]);
    const own = { ...vote("lead", 0), reviewer: two.requester };
    expect(currentStep({ ...two, reviews: [own] })).toBe(two.steps[0]);
    expect(currentStep({ ...two, reviews: [vote("lead", 0), vote("lead", 1)] })).toBe(two.steps[1]);
  });
});

describe("who may vote now", () => {
  const right = (actor: UserActor, request = two) => reviewRight(request, actor, "approve");

  test("whoever the step names, by group or by person, with the groups of this moment", () => {
    expect(right(person("lead", ["leads"]))).toEqual({ allowed: true, stepIndex: 0 });
    expect(right(person("lead"))).toMatchObject({ code: "approval.not-an-approver" });
    expect(right(person("operator"))).toMatchObject({ code: "approval.not-an-approver" });
    const passed = { ...two, reviews: [vote("lead", 0)] };
    expect(right(person("operator"), passed)).toEqual({ allowed: true, stepIndex: 1 });
  });

  test("nobody on their own request, and nobody twice", () => {
    const own = { ...person("x", ["leads"]), id: two.requester.id };
    expect(right(own)).toMatchObject({ code: "approval.own-request" });
    expect(reviewRight(two, own, "reject")).toMatchObject({ code: "approval.own-request" });
    const passed = { ...two, reviews: [vote("lead", 0)] };
    const both = person("lead", ["leads", "operations"]);
    expect(right(both, passed)).toMatchObject({ code: "approval.already-counted" });
    expect(reviewRight(passed, both, "reject")).toMatchObject({ allowed: true });
  });
});

describe("who takes part", () => {
  test("approvers of any step, whoever's turn it is, and whoever voted; nobody else", () => {
    expect(isParticipant(two, person("lead", ["leads"]))).toBe(true);
    expect(isParticipant(two, person("operator"))).toBe(true);
    expect(isParticipant(two, person("other", ["operations"]))).toBe(true);
    expect(isParticipant({ ...two, reviews: [vote("former", 0)] }, person("former"))).toBe(true);
    expect(isParticipant(two, person("stranger", ["engineers"]))).toBe(false);
  });
});
