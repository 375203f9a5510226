import { Entity } from "electrodb";
import type { Context } from "./context.ts";
import { DomainError } from "./errors.ts";
import type { AuditEvent, EventDraft } from "./event.ts";
import { newId, ulidOf } from "./ids.ts";
import type { OperationName } from "./permission.ts";
import { entity, key, putting, type Write } from "./table.ts";

/** Main key: the story, in order and strongly consistent. Indexes: everything, by actor, by operation, by database. */
export const events = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "event", version: "1", service: "daypass" },
        attributes: {
          story: { type: "string", required: true },
          id: { type: "string", required: true },
          all: { type: "string", required: true, default: "all" },
          actorId: { type: "string", required: true },
          operation: { type: "string", required: true },
          databaseId: { type: "string" },
          event: { type: "any", required: true },
        },
        indexes: {
          byStory: { pk: key("pk", ["story"]), sk: key("sk", ["id"]) },
          byTime: { index: "gsi1", pk: key("gsi1pk", ["all"]), sk: key("gsi1sk", ["id"]) },
          byActor: { index: "gsi2", pk: key("gsi2pk", ["actorId"]), sk: key("gsi2sk", ["id"]) },
          byOperation: { index: "gsi3", pk: key("gsi3pk", ["operation"]), sk: key("gsi3sk", ["id"]) },
          byDatabase: { index: "gsi4", pk: key("gsi4pk", ["databaseId"]), sk: key("gsi4sk", ["id"]) },
        },
      },
      options,
    ),
);

export function eventOf(ctx: Context, operation: OperationName, draft: EventDraft): AuditEvent {
  const id = newId("event", ctx.ids);
  return {
    id,
    at: ctx.clock.now(),
    operation,
    outcome: draft.outcome ?? "done",
    actor: actorOf(ctx),
    subjectId: draft.subjectId,
    story: draft.story ?? storyOf(draft.subjectId) ?? ulidOf(id),
    ...(draft.database ? { database: draft.database } : {}),
    requestId: ctx.requestId,
    ...(ctx.sourceIp ? { sourceIp: ctx.sourceIp } : {}),
    data: draft.data ?? {},
  };
}

export function recording(ctx: Context, event: AuditEvent): Write {
  const params = events(ctx)
    .create({
      story: event.story,
      id: event.id,
      actorId: event.actor.id,
      operation: event.operation,
      ...(event.database ? { databaseId: event.database.id } : {}),
      event,
    })
    .params();
  return putting(
    params,
    () => new DomainError("unavailable", "event.exists", "The event was recorded before."),
  );
}

/** What happens to one thing is one story. */
function storyOf(subjectId: string): string | undefined {
  return /^[a-z]{3}_([0-9A-HJKMNP-TV-Z]{26})$/.exec(subjectId)?.[1];
}

function actorOf({ actor }: Context): AuditEvent["actor"] {
  switch (actor.kind) {
    case "user":
      return { kind: "user", id: actor.id, name: actor.name, via: actor.via.kind };
    case "system":
      return { kind: "system", id: `system:${actor.name}`, name: actor.name };
    case "anonymous":
      return { kind: "anonymous", id: "anonymous", name: "anonymous" };
  }
}
