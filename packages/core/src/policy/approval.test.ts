import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Approval,
  type ApprovalVote,
  approvalProgress,
  approversNow,
  mayApprove,
  mayReject,
  stuckApproval,
} from "./approval.ts";
import { arbitraryStep, arbitraryUser } from "./policy.arbitrary.ts";
import type { ApprovalStep } from "./policy.ts";

const step = (count: number, groups: string[], users: string[] = []): ApprovalStep => ({
  count,
  groups,
  users,
});
const person = (id: string, ...groups: string[]) => ({ id, groups, suspended: false });
const [ann, ben, cleo] = [person("ann", "leads"), person("ben", "leads", "owners"), person("cleo", "owners")];
const twoSteps = [step(1, ["leads"]), step(1, ["owners"])];
const approval = (steps: readonly ApprovalStep[], votes: readonly ApprovalVote[] = []): Approval => ({
  steps,
  votes,
  requesterIds: ["ann"],
});

describe("an approval", () => {
  test("without steps is complete", () => {
    expect(approvalProgress(approval([]))).toEqual({ complete: true, currentStep: null, steps: [] });
  });

  test("goes step by step, and only the waiting step's approvers may act", () => {
    const none = approval(twoSteps);
    expect(mayApprove(none, ben)).toEqual({ allowed: true, stepIndex: 0 });
    expect(mayApprove(none, cleo)).toMatchObject({ code: "approval.not-an-approver" });
    expect(approversNow(none, [ann, ben, cleo])).toEqual(["ben"]);
    const first = approval(twoSteps, [{ stepIndex: 0, userId: "ben" }]);
    expect(approvalProgress(first)).toMatchObject({ complete: false, currentStep: 1 });
    expect(approversNow(first, [ann, ben, cleo])).toEqual(["cleo"]);
    const both = approval(twoSteps, [...first.votes, { stepIndex: 1, userId: "cleo" }]);
    expect(approvalProgress(both).complete).toBe(true);
    expect(mayApprove(both, cleo)).toMatchObject({ code: "approval.complete" });
  });

  test("counts nobody twice, not in one step and not in two", () => {
    const pair = approval(
      [step(2, ["leads"])],
      [
        { stepIndex: 0, userId: "ben" },
        { stepIndex: 0, userId: "ben" },
      ],
    );
    expect(approvalProgress(pair)).toMatchObject({
      complete: false,
      steps: [{ approvedBy: ["ben"], missing: 1 }],
    });
    expect(mayApprove(pair, ben)).toMatchObject({ code: "approval.already-counted" });
    const across = approval(twoSteps, [
      { stepIndex: 0, userId: "ben" },
      { stepIndex: 1, userId: "ben" },
    ]);
    expect(approvalProgress(across)).toMatchObject({ complete: false, currentStep: 1 });
    expect(mayApprove(across, ben)).toMatchObject({ code: "approval.already-counted" });
  });

  test("lets one who has approved an earlier step still reject a later one", () => {
    const first = approval(twoSteps, [{ stepIndex: 0, userId: "ben" }]);
    expect(mayReject(first, ben)).toEqual({ allowed: true, stepIndex: 1 });
  });

  test("never counts the requester, nor whoever filed the request for them", () => {
    const filed = { ...approval(twoSteps, [{ stepIndex: 0, userId: "ben" }]), requesterIds: ["ann", "ben"] };
    expect(approvalProgress(filed).currentStep).toBe(0);
    expect(mayApprove(filed, ben)).toMatchObject({ code: "approval.own-request" });
    expect(mayReject(filed, ann)).toMatchObject({ code: "approval.own-request" });
  });

  test("refuses the suspended, and goes by the groups of now", () => {
    expect(mayApprove(approval(twoSteps), { ...ben, suspended: true })).toMatchObject({
      code: "approval.suspended",
    });
    expect(mayApprove(approval(twoSteps), { ...ben, groups: ["owners"] }).allowed).toBe(false);
  });

  test("keeps a vote whose voter has left the group since", () => {
    expect(approvalProgress(approval(twoSteps, [{ stepIndex: 0, userId: "gone" }])).currentStep).toBe(1);
  });

  test("does not count votes for a step before its turn", () => {
    const early = approval(twoSteps, [{ stepIndex: 1, userId: "cleo" }]);
    expect(approvalProgress(early)).toMatchObject({
      currentStep: 0,
      steps: [{ missing: 1 }, { missing: 1 }],
    });
  });
});

describe("an approval that can never be given", () => {
  test("is certain when only the requester is named", () => {
    expect(stuckApproval(approval([step(1, [], ["ann"])]))).toEqual({
      stepIndex: 0,
      missing: 1,
      certain: true,
    });
  });

  test("is certain when two steps need the same single person", () => {
    const steps = [step(1, [], ["cleo", "ben"]), step(1, [], ["cleo"]), step(1, [], ["ben"])];
    expect(stuckApproval(approval(steps))).toEqual({ stepIndex: 2, missing: 1, certain: true });
    expect(stuckApproval(approval(steps.slice(0, 2)))).toBeNull();
  });

  test("is known, not certain, when a group has no other member yet", () => {
    expect(stuckApproval(approval([step(1, ["leads"])]), [ann, cleo])).toEqual({
      stepIndex: 0,
      missing: 1,
      certain: false,
    });
    expect(stuckApproval(approval([step(1, ["leads"])]), [ann, { ...ben, suspended: true }])?.certain).toBe(
      false,
    );
    expect(stuckApproval(approval([step(1, ["leads"])]), [ann, ben])).toBeNull();
    expect(stuckApproval(approval([step(1, ["leads"])]))).toBeNull();
  });

  test("says the same as trying every order in which these people could click", () => {
    const people = fc.uniqueArray(arbitraryUser, { selector: ({ id }) => id, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(arbitraryStep, { maxLength: 3 }), people, (steps, known) => {
        const request = { steps, votes: [], requesterIds: ["usr_ann"] };
        expect(stuckApproval(request, known) === null).toBe(someoneCompletes(request, known));
      }),
      { numRuns: 500 },
    );
  });
});

test("whatever is clicked in whatever order, requesters never count and no name counts twice", () => {
  const clicks = fc.array(arbitraryUser, { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(arbitraryStep, { maxLength: 3 }), clicks, (steps, people) => {
      let request: Approval = { steps, votes: [], requesterIds: ["usr_ann"] };
      for (const clicking of people) {
        const right = mayApprove(request, clicking);
        if (!right.allowed) continue;
        const before = approvalProgress(request);
        request = {
          ...request,
          votes: [...request.votes, { stepIndex: right.stepIndex, userId: clicking.id }],
        };
        const after = approvalProgress(request);
        // Every click that is let through brings the approval forward.
        const missing = (progress: typeof after) =>
          progress.steps.reduce((sum, { missing: left }) => sum + left, 0);
        expect(missing(after)).toBe(missing(before) - 1);
      }
      const counted = approvalProgress(request).steps.flatMap(({ approvedBy }) => approvedBy);
      expect(new Set(counted).size).toBe(counted.length);
      expect(counted).not.toContain("usr_ann");
    }),
  );
});

function someoneCompletes(request: Approval, people: Parameters<typeof approversNow>[1]): boolean {
  const { complete, currentStep } = approvalProgress(request);
  if (complete) return true;
  return approversNow(request, people).some((userId) =>
    someoneCompletes(
      { ...request, votes: [...request.votes, { stepIndex: currentStep ?? 0, userId }] },
      people,
    ),
  );
}
