import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askable, extendable } from "./askable.ts";
import type { Decision } from "./decision.ts";
import { evaluate } from "./evaluate.ts";
import { explain } from "./explain.ts";
import { arbitraryAllow, arbitraryDeny, arbitraryPolicies, arbitraryQuestion } from "./policy.arbitrary.ts";

const approvals = (decision: Decision) =>
  decision.outcome === "allowed" ? decision.steps.reduce((sum, step) => sum + step.count, 0) : Infinity;

describe("a decision", () => {
  test("without any policy is a refusal", () => {
    fc.assert(fc.property(arbitraryQuestion, (question) => evaluate([], question).outcome === "refused"));
  });

  test("is allowed often enough for these properties to mean something", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryQuestion, (policies, question) => {
        const decision = evaluate(policies, question);
        seen.add(decision.outcome === "allowed" ? `${question.kind} ${decision.automatic}` : decision.code);
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        "request true",
        "request false",
        "extension true",
        "extension false",
        "break-glass true",
        "policy.denied",
        "policy.no-match",
        "policy.other-level",
        "policy.outside-hours",
        "policy.duration-too-long",
        "policy.total-too-long",
        "policy.approval-impossible",
      ]),
    );
  });

  test("is never widened by one more deny", () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryDeny, arbitraryQuestion, (policies, deny, question) => {
        const before = evaluate(policies, question);
        const after = evaluate([...policies, deny], question);
        if (after.outcome === "refused") return true;
        if (before.outcome === "refused") return false;
        return (
          after.policyId === before.policyId &&
          (before.unmask || !after.unmask) &&
          (before.export || !after.export) &&
          approvals(after) === approvals(before)
        );
      }),
    );
  });

  test("is never narrowed by one more allow", () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryAllow, arbitraryQuestion, (policies, allow, question) => {
        const before = evaluate(policies, question);
        const after = evaluate([...policies, allow], question);
        return (
          before.outcome === "refused" ||
          (after.outcome === "allowed" && approvals(after) <= approvals(before))
        );
      }),
    );
  });

  test("does not see disabled policies", () => {
    const any = fc.oneof(arbitraryAllow, arbitraryDeny);
    fc.assert(
      fc.property(arbitraryPolicies, any, arbitraryQuestion, (policies, policy, question) => {
        const disabled = { ...policy, document: { ...policy.document, enabled: false } };
        expect(evaluate([disabled, ...policies], question)).toEqual(evaluate(policies, question));
      }),
      { numRuns: 500 },
    );
  });

  test("does not depend on the order of the policies", () => {
    const shuffled = arbitraryPolicies.chain((policies) =>
      fc.tuple(fc.constant(policies), fc.shuffledSubarray([...policies], { minLength: policies.length })),
    );
    fc.assert(
      fc.property(shuffled, arbitraryQuestion, ([policies, others], question) => {
        expect(evaluate(others, question)).toEqual(evaluate(policies, question));
        expect(explain(others, question)).toEqual(explain(policies, question));
      }),
    );
  });

  test("comes from one policy alone: that policy by itself gives it, its limits and its approval", () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryQuestion, (policies, question) => {
        const decision = evaluate(policies, question);
        if (decision.outcome === "refused") return;
        const alone = policies.filter(
          ({ id, document }) => id === decision.policyId || document.effect === "deny",
        );
        expect(evaluate(alone, question)).toEqual(decision);
        const winner = alone.find(({ id }) => id === decision.policyId)?.document;
        if (winner?.effect !== "allow") throw new Error("an allow must have decided");
        const limit =
          question.kind === "break-glass"
            ? winner.may.breakGlass?.maxDurationMinutes
            : winner.for.maxDurationMinutes;
        expect(decision.maxDurationMinutes).toBe(limit);
        expect(question.durationMinutes).toBeLessThanOrEqual(decision.maxDurationMinutes);
        if (question.kind === "extension") {
          expect(question.totalMinutes).toBeLessThanOrEqual(decision.maxTotalMinutes);
        }
        expect(decision.unmask || !question.unmask).toBe(true);
        expect(decision.export || !question.export).toBe(true);
        expect(decision.automatic).toBe(question.kind === "break-glass" || winner.approval.length === 0);
      }),
    );
  });

  test("never counts on the requester's own approval", () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryQuestion, (policies, question) => {
        const decision = evaluate(policies, question);
        if (decision.outcome === "refused") return;
        for (const step of decision.steps) {
          expect(step.users).not.toContain(question.user.id);
          expect(step.groups.length > 0 || step.users.length >= step.count).toBe(true);
        }
      }),
    );
  });

  test("of a suspended user is a refusal that says so", () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryQuestion, (policies, question) => {
        const decision = evaluate(policies, { ...question, user: { ...question.user, suspended: true } });
        return decision.outcome === "refused" && decision.code === "policy.user-suspended";
      }),
    );
  });

  test("about a duration, total or instant that is no number in range is a refusal", () => {
    const wrong = fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -1, 0.5);
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryQuestion, wrong, (policies, question, value) => {
        const refused = [
          evaluate(policies, { ...question, durationMinutes: value }),
          evaluate(policies, { ...question, kind: "extension", totalMinutes: value }),
          evaluate(policies, { ...question, at: value / 0 }),
          explain(policies, { ...question, at: Number.NaN }).decision,
        ];
        return refused.every(
          (decision) => decision.outcome === "refused" && decision.code === "policy.invalid-question",
        );
      }),
    );
  });
});

describe("what may be asked", () => {
  test("is exactly what evaluate allows, for every duration, and decided the same way", () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryQuestion, (policies, asked) => {
        const { user, target, level, at } = asked;
        const plain = { user, target, level, at };
        const answer = askable(policies, user, target, at)[level];
        const soFar = asked.totalMinutes === undefined ? 0 : asked.totalMinutes - asked.durationMinutes;
        const answers = {
          request: answer.request,
          "break-glass": answer.breakGlass,
          extension: extendable(policies, plain, soFar),
        } as const;
        for (const kind of ["request", "break-glass", "extension"] as const) {
          const given = answers[kind];
          for (const durationMinutes of [1, 29, 30, 31, 60, 61, 240, 241, 1440, 1441]) {
            const question = { ...plain, kind, durationMinutes, totalMinutes: soFar + durationMinutes };
            const decision = evaluate(policies, question);
            const tier = given.allowed
              ? given.tiers.find(({ upToMinutes }) => durationMinutes <= upToMinutes)?.decision
              : undefined;
            if (decision.outcome === "allowed") expect(tier).toEqual(decision);
            else expect(tier).toBeUndefined();
            if (durationMinutes === 1 && !given.allowed) expect(given.refusal).toEqual(decision);
          }
        }
      }),
    );
  });
});

describe("an explanation", () => {
  test("carries the very decision, names every policy once and the deciding ones", () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryQuestion, (policies, question) => {
        const decision = evaluate(policies, question);
        const explanation = explain(policies, question);
        expect(explanation.decision).toEqual(decision);
        expect(explanation.considered.map(({ policyId }) => policyId)).toEqual(
          policies.map(({ id }) => id).sort(),
        );
        if (decision.outcome === "allowed") {
          expect(explanation.decidedBy).toEqual([decision.policyId]);
          expect(explanation.needed).toEqual([]);
        } else if (decision.code === "policy.denied") {
          const deniedBy = decision.reasons.flatMap((because) =>
            because.code === "policy.denied" ? [because.parameters.policyId] : [],
          );
          expect(explanation.decidedBy).toEqual(deniedBy);
        } else {
          expect(explanation.decidedBy).toEqual([]);
        }
      }),
    );
  });

  test("gives advice that works: whoever follows it is let in by the policy it names", () => {
    fc.assert(
      fc.property(arbitraryPolicies, arbitraryQuestion, (policies, question) => {
        for (const way of explain(policies, question).needed) {
          let { user, ...ask } = question;
          for (const { code, parameters } of way.reasons) {
            if (code === "policy.other-people") {
              const [group] = parameters.groups;
              if (group === undefined) return;
              user = { ...user, groups: [...user.groups, group] };
            }
            if (code === "policy.other-level") ask = { ...ask, level: parameters.levels[0] ?? ask.level };
            // Asking in the ordinary way is another question with limits of its own.
            if (code === "policy.no-break-glass") return;
            if (code === "policy.no-unmask") ask = { ...ask, unmask: false };
            if (code === "policy.no-export") ask = { ...ask, export: false };
            if (code === "policy.outside-hours") ask = { ...ask, at: parameters.nextStartAt ?? Number.NaN };
            if (code === "policy.duration-too-long")
              ask = { ...ask, durationMinutes: parameters.maxDurationMinutes };
            if (code === "policy.total-too-long") ask = { ...ask, totalMinutes: parameters.maxTotalMinutes };
          }
          const durationMinutes = Math.min(ask.durationMinutes, ask.totalMinutes ?? Infinity);
          const named = policies.filter(({ id }) => id === way.policyId);
          expect(evaluate(named, { ...ask, user, durationMinutes }).outcome).toBe("allowed");
        }
      }),
      { numRuns: 1000 },
    );
  });
});
