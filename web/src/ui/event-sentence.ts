import type { Messages } from "../app/messages/messages.ts";
import type { EventView } from "../lib/api.ts";

type Sentences = Messages["story"]["sentence"];
type SentenceKey =
  | "approved"
  | "rejected"
  | "askedExtension"
  | "brokeGlass"
  | {
      [Noun in keyof Sentences]: `sentence.${Noun}.${Extract<keyof Sentences[Noun], string>}`;
    }[keyof Sentences];

/** Which sentence of the catalogue tells an event; it may be missing there for an operation that is newer than the page. */
export function sentenceKey(event: Pick<EventView, "operation" | "data">): SentenceKey {
  if (event.operation === "request.review" && event.data["decision"] === "approve") return "approved";
  if (event.operation === "request.review" && event.data["decision"] === "reject") return "rejected";
  if (event.operation === "request.create" && event.data["kind"] === "extension") return "askedExtension";
  if (event.operation === "request.create" && event.data["kind"] === "break-glass") return "brokeGlass";
  return `sentence.${event.operation}` as SentenceKey;
}
