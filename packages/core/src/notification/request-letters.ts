import type { Id } from "../kernel/ids.ts";
import { formatMinutes } from "../policy/reason-text.ts";
import type { AccessRequest } from "../request/request.ts";
import { type Letter, letter, oneLine, quoted } from "./mail.ts";
import { databaseText, momentText, rightsText } from "./wording.ts";

/** For those who may decide it now. */
export function askingLetter(origin: string, request: AccessRequest): Letter {
  const who = oneLine(request.requester.name);
  const where = databaseText(request.database);
  const what =
    request.kind === "extension"
      ? `${who} asks to keep ${request.level} access to ${where} for another ${formatMinutes(request.durationMinutes)}.`
      : `${who} asks for ${rightsText(request.level, request.scope)} of ${where}, for ${formatMinutes(request.durationMinutes)}.`;
  return letter(
    `${who} asks for ${request.level} on ${request.database.name}`,
    [
      what,
      `Their reason:\n${quoted(request.reason)}`,
      `Everything needed to decide is on its page. It lapses on ${momentText(request.lapsesAt)} if nobody decides.`,
    ],
    requestLink(origin, request.id),
  );
}

/** For the requester. */
export function decidedLetter(origin: string, request: AccessRequest): Letter {
  const where = databaseText(request.database);
  const by = request.decidedBy ? ` by ${oneLine(request.decidedBy.name)}` : "";
  const said = request.decisionComment ? [`They say:\n${quoted(request.decisionComment)}`] : [];
  const link = requestLink(origin, request.id);
  const isExtension = request.kind === "extension";
  switch (request.status) {
    case "approved": {
      const minutes = request.approvedDurationMinutes ?? request.durationMinutes;
      const shorter =
        minutes < request.durationMinutes ? ` instead of ${formatMinutes(request.durationMinutes)}` : "";
      const next = isExtension
        ? `Your access to ${where} now lasts ${formatMinutes(minutes)}${shorter} longer. Your credential stays the same.`
        : `Your account on ${where} is being made, for ${formatMinutes(minutes)}${shorter}. The time starts when it can be used, and we write to you then.`;
      return letter(
        `Approved: ${request.level} on ${request.database.name}`,
        [`Approved${by}. ${next}`, ...said],
        link,
      );
    }
    case "rejected":
      return letter(
        `Rejected: ${request.level} on ${request.database.name}`,
        [`Your request for ${request.level} on ${where} was rejected${by}.`, ...said],
        link,
      );
    case "lapsed":
      return letter(
        `Lapsed: ${request.level} on ${request.database.name}`,
        [
          `Nobody decided in time on your request for ${request.level} on ${where}. You can ask again from its page.`,
        ],
        link,
      );
    case "pending":
    case "cancelled":
      return letter(
        `${request.level} on ${request.database.name}`,
        [`Your request is ${request.status}.`],
        link,
      );
  }
}

/** For administrators: the request would wait in silence until it lapses. */
export function stuckLetter(origin: string, request: AccessRequest, why: string): Letter {
  const who = oneLine(request.requester.name);
  return letter(
    `Nobody can approve the request of ${who} for ${request.database.name}`,
    [
      `${who} asks for ${rightsText(request.level, request.scope)} of ${databaseText(request.database)}. ${why}`,
      `It lapses on ${momentText(request.lapsesAt)} if nobody decides.`,
    ],
    requestLink(origin, request.id),
  );
}

/** For administrators: somebody opened a database without waiting for anyone. */
export function breakGlassLetter(
  origin: string,
  request: AccessRequest,
  { today, perDay }: { today: number; perDay: number },
): Letter {
  const who = oneLine(request.requester.name);
  const where = databaseText(request.database);
  return letter(
    `Break-glass: ${who} opened ${request.database.name}`,
    [
      `${who} used break-glass to get ${rightsText(request.level, request.scope)} of ${where}, for ${formatMinutes(request.durationMinutes)}. Nobody was asked.`,
      `Their reason:\n${quoted(request.reason)}`,
      ...(today > 0 ? [`It is number ${today} of theirs within 24 hours; the policy allows ${perDay}.`] : []),
      "An administrator can end this access on its page.",
    ],
    requestLink(origin, request.id),
  );
}

export function requestLink(origin: string, id: Id<"request">): string {
  return `${origin}/requests/${id}`;
}
