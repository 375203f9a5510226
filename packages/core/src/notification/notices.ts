import { findGrant } from "../grant/grant.store.ts";
import type { Grant } from "../grant/grant.ts";
import { findUser } from "../identity/user.store.ts";
import type { User } from "../identity/user.ts";
import type { UserRef } from "../identity/user.view.ts";
import type { Context } from "../kernel/context.ts";
import type { AuditEvent } from "../kernel/event.ts";
import { isId } from "../kernel/ids.ts";
import type { OperationName } from "../kernel/permission.ts";
import { findStuck } from "../policy/find-stuck.ts";
import { asApproval } from "../request/approval-of.ts";
import { findRequest } from "../request/request.store.ts";
import type { AccessRequest } from "../request/request.ts";
import { alarmLetter, orphanLetter, writtenOffLetter } from "./alarm-letters.ts";
import {
  activeLetter,
  endedLetter,
  notProvidedLetter,
  notRevokedLetter,
  revokedLetter,
} from "./grant-letters.ts";
import type { Letter } from "./mail.ts";
import { administrators, approversOf, isReachable } from "./recipients.ts";
import { askingLetter, breakGlassLetter, decidedLetter, stuckLetter } from "./request-letters.ts";

/** A letter and whom it concerns. */
export type Notice = { letter: Letter; to: readonly User[] };
type Reads = Pick<Context, "table" | "settings">;

/** Whom an event concerns, and what they are told. The thing is read as it is now: nobody is asked to decide what was
 * decided meanwhile. Most events concern nobody. */
export async function noticesOf(ctx: Reads, event: AuditEvent): Promise<Notice[]> {
  const { subjectId, data, operation } = event;
  if (event.outcome === "denied") return [];
  if (ofRequests.includes(operation)) {
    const id = operation === "grant.extend" ? String(data["requestId"]) : subjectId;
    const request = isId("request", id) ? await findRequest(ctx, id) : undefined;
    return request ? ofRequest(ctx, request, event) : [];
  }
  if (operation === "instance.record-orphan") return ofOrphan(ctx, event);
  const letterOf = ofGrants[operation];
  const grant = letterOf && isId("grant", subjectId) ? await findGrant(ctx, subjectId) : undefined;
  const notice = grant && letterOf?.(ctx.settings.origin, grant, event);
  if (!grant || !notice) return [];
  const to = notice.to === "holder" ? await person(ctx, grant.holder) : await administrators(ctx);
  return [{ letter: notice.letter, to }];
}

async function ofOrphan(ctx: Reads, { data, subjectId }: AuditEvent): Promise<Notice[]> {
  if (data["what"] !== "found" || data["quiet"] === true) return [];
  const letter = orphanLetter(ctx.settings.origin, {
    instance: textOf(data["name"]) ?? subjectId,
    account: textOf(data["account"]) ?? "",
    dropAfter: textOf(data["dropAfter"]) ?? "",
    others: typeof data["others"] === "number" ? data["others"] : 0,
  });
  return [{ letter, to: await administrators(ctx) }];
}

const ofRequests: readonly OperationName[] = [
  "request.create",
  "request.review",
  "request.lapse",
  "grant.extend",
];

async function ofRequest(ctx: Reads, request: AccessRequest, event: AuditEvent): Promise<Notice[]> {
  const { origin } = ctx.settings;
  if (request.kind === "break-glass") {
    return event.operation === "request.create"
      ? [
          {
            letter: breakGlassLetter(origin, request, {
              today: numberOf(event.data["breakGlassToday"]),
              perDay: numberOf(event.data["breakGlassPerDay"]),
            }),
            to: without(await administrators(ctx), request.requester),
          },
        ]
      : [];
  }
  if (event.data["status"] === "pending") {
    // Told before: another vote of the same step changes nothing for them.
    const isNews = event.operation !== "request.review" || isFirstOfStep(request);
    if (request.status !== "pending" || !isNews) return [];
    const asked: Notice = { letter: askingLetter(origin, request), to: await approversOf(ctx, request) };
    const stuck = await findStuck(ctx, asApproval(request));
    if (!stuck) return [asked];
    return [asked, { letter: stuckLetter(origin, request, stuck.message), to: await administrators(ctx) }];
  }
  if (request.automatic) return [];
  return [{ letter: decidedLetter(origin, request), to: await person(ctx, request.requester) }];
}

/** Nobody has voted in the step that is current now. */
function isFirstOfStep({ reviews, steps }: AccessRequest): boolean {
  const votes = steps.map((_step, index) => reviews.filter((review) => review.step === index).length);
  const current = steps.findIndex((step, index) => (votes[index] ?? 0) < step.count);
  return (votes[current] ?? 0) === 0;
}

type GrantLetter = { letter: Letter; to: "holder" | "administrators" };

const ofGrants: Partial<
  Record<OperationName, (origin: string, grant: Grant, event: AuditEvent) => GrantLetter | undefined>
> = {
  "grant.activate": (origin, grant) =>
    grant.state === "active" ? { to: "holder", letter: activeLetter(origin, grant) } : undefined,
  "grant.end": (origin, grant, { data, actor }) =>
    data["endedBy"] === "administrator"
      ? {
          to: "holder",
          letter: endedLetter(origin, grant, textOf(data["orderedBy"]) ?? actor.name, textOf(data["reason"])),
        }
      : undefined,
  "grant.begin-revocation": (origin, grant, { data }) => {
    if (data["endedBy"] === "failure")
      return { to: "holder", letter: notProvidedLetter(origin, grant, true) };
    const orderedBy = textOf(data["orderedBy"]);
    return orderedBy === null
      ? undefined
      : { to: "holder", letter: endedLetter(origin, grant, orderedBy, textOf(data["reason"])) };
  },
  "grant.finish": (origin, grant) =>
    grant.endedBy === "expiry" ? { to: "holder", letter: revokedLetter(origin, grant) } : undefined,
  "grant.record-failure": (origin, grant, { data }) =>
    data["step"] === "revoke"
      ? notRevoked(origin, grant, data["attempts"], undefined)
      : notProvided(origin, grant, data),
  "grant.alarm": (origin, grant, { data }) =>
    data["quiet"] === true
      ? undefined
      : { to: "administrators", letter: alarmLetter(origin, grant, alarmOf(data)) },
  "grant.write-off": (origin, grant, { actor, data }) => ({
    to: "administrators",
    letter: writtenOffLetter(origin, grant, actor.name, textOf(data["reason"])),
  }),
  "grant.quarantine": (origin, grant, { data }) => notRevoked(origin, grant, data["attempts"], 1),
};

function notRevoked(
  origin: string,
  grant: Grant,
  attempts: unknown,
  first: number | undefined,
): GrantLetter | undefined {
  if (grant.state === "revoked" || !isTimeToTell(attempts, first)) return undefined;
  return { to: "administrators", letter: notRevokedLetter(origin, grant) };
}

/** A server that was away for a moment is no news yet. */
function notProvided(origin: string, grant: Grant, data: AuditEvent["data"]): GrantLetter | undefined {
  if (data["step"] !== "provision" || data["attempts"] !== 3 || grant.state !== "provisioning")
    return undefined;
  return { to: "holder", letter: notProvidedLetter(origin, grant, false) };
}

function alarmOf(data: AuditEvent["data"]): { message: string; others: number } {
  const { message, others } = data;
  return {
    message: typeof message === "string" ? message : "",
    others: typeof others === "number" ? others : 0,
  };
}

/** At first, where that is no alarm anyway, and then about once a day: attempts are five minutes apart by then. */
function isTimeToTell(attempts: unknown, first: number | undefined): boolean {
  return typeof attempts === "number" && (attempts === first || attempts % 288 === 0);
}

/** With the address they have now. */
async function person(ctx: Reads, { id }: UserRef): Promise<User[]> {
  const user = await findUser(ctx, id);
  return user && isReachable(user) ? [user] : [];
}

function without(people: readonly User[], { id }: UserRef): User[] {
  return people.filter((user) => user.id !== id);
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
