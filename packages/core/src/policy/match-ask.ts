import { stuckApproval } from "./approval.ts";
import type { Check } from "./check.ts";
import { nextStart, withinHours } from "./hours.ts";
import { type AllowPolicy, levels } from "./policy.ts";
import { maxDurationMinutes, maxTotalMinutes } from "./policy-limits.ts";
import type { PolicyQuestion } from "./question.ts";
import { reason } from "./reason.ts";

/** Break-glass is for the night too: the hours of an allow do not bind it, those of a deny do. */
export const hoursCheck: Check = {
  about: "ask",
  matches: (document, { at, kind }) =>
    document.for.hours === undefined ||
    (document.effect === "allow" && kind === "break-glass") ||
    withinHours(document.for.hours, at),
  describe: (documents, { at }) => {
    const windows = documents.flatMap(({ for: { hours } }) =>
      hours === undefined ? [] : [{ hours, nextStartAt: nextStart(hours, at) }],
    );
    const soonest = windows.reduce((best, window) =>
      (window.nextStartAt ?? Infinity) < (best.nextStartAt ?? Infinity) ? window : best,
    );
    return reason("policy.outside-hours", soonest);
  },
};

/** What the asker could ask otherwise: the level, what goes with it, the hour, how long. */
export const askChecks: readonly Check<AllowPolicy>[] = [
  {
    about: "ask",
    matches: ({ may }, { level }) => may.levels.includes(level),
    describe: (documents) =>
      reason("policy.other-level", {
        levels: levels.filter((level) => documents.some(({ may }) => may.levels.includes(level))),
      }),
  },
  {
    about: "ask",
    matches: ({ may }, { kind }) => kind !== "break-glass" || may.breakGlass !== undefined,
    describe: () => reason("policy.no-break-glass", {}),
  },
  {
    about: "ask",
    matches: ({ may }, { unmask }) => may.unmask || unmask !== true,
    describe: () => reason("policy.no-unmask", {}),
  },
  {
    about: "ask",
    matches: ({ may }, question) => may.export || question.export !== true,
    describe: () => reason("policy.no-export", {}),
  },
  hoursCheck,
  {
    about: "ask",
    matches: (document, { kind, durationMinutes }) => durationMinutes <= maxDurationMinutes(document, kind),
    describe: (documents, { kind }) =>
      reason("policy.duration-too-long", {
        maxDurationMinutes: Math.max(...documents.map((document) => maxDurationMinutes(document, kind))),
      }),
  },
  {
    about: "ask",
    matches: (document, { kind, totalMinutes = Infinity }) =>
      kind !== "extension" || totalMinutes <= maxTotalMinutes(document, kind),
    describe: (documents, { kind }) =>
      reason("policy.total-too-long", {
        maxTotalMinutes: Math.max(...documents.map((document) => maxTotalMinutes(document, kind))),
      }),
  },
];

/** A policy that only the requester could approve would let a request wait for nobody. */
export const approvalChecks: readonly Check<AllowPolicy>[] = [
  {
    about: "policy",
    matches: (document, question) => stuckStep(document, question) === null,
    describe: ([document], question) =>
      reason("policy.approval-impossible", { stepNumber: (stuckStep(document, question) ?? 0) + 1 }),
  },
];

function stuckStep(document: AllowPolicy, { kind, user }: PolicyQuestion): number | null {
  if (kind === "break-glass") return null;
  const approval = { steps: document.approval, votes: [], requesterIds: [user.id] };
  return stuckApproval(approval)?.stepIndex ?? null;
}
