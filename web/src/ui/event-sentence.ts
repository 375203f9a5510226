import type { Messages } from "../app/messages/messages.ts";
import type { EventView } from "../lib/api.ts";

type Sentences = Messages["story"]["sentence"];
type SentenceKey =
  | "approved"
  | "rejected"
  | "askedExtension"
  | "brokeGlass"
  | "notLocked"
  | {
      [Noun in keyof Sentences]: `sentence.${Noun}.${Extract<keyof Sentences[Noun], string>}`;
    }[keyof Sentences];

/** Which sentence of the catalogue tells an event; it may be missing there for an operation that is newer than the page. */
export function sentenceKey(event: Pick<EventView, "operation" | "data">): SentenceKey {
  if (event.operation === "request.review" && event.data["decision"] === "approve") return "approved";
  if (event.operation === "request.review" && event.data["decision"] === "reject") return "rejected";
  if (event.operation === "request.create" && event.data["kind"] === "extension") return "askedExtension";
  if (event.operation === "request.create" && event.data["kind"] === "break-glass") return "brokeGlass";
  if (event.operation === "grant.quarantine" && event.data["loginDenied"] === false) return "notLocked";
  return `sentence.${event.operation}` as SentenceKey;
}

/** Their sentence tells what went wrong; of others that failed it would say the opposite. */
const tellingFailure = ["grant.record-failure", "grant.quarantine", "grant.alarm", "instance.record-orphan"];

export function tellsFailure({ operation }: Pick<EventView, "operation">): boolean {
  return tellingFailure.includes(operation);
}

/** Who ordered it, where somebody else did it: a kill switch is carried out by whoever is there. */
export function ordererOf({ actor, data }: Pick<EventView, "actor" | "data">): string | undefined {
  const { orderedBy } = data;
  return actor.kind !== "user" && typeof orderedBy === "string" ? orderedBy : undefined;
}
