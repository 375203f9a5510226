import type { Mailbox } from "./mailbox.ts";
import { listPage, mailPage, missingPage } from "./mailbox-page.ts";

/**
 * `GET /mailbox` and `/mailbox/<id>` are pages; `GET /mailbox/messages?to=<address>` answers `{"messages":[…]}` newest
 * first, and `/mailbox/messages/<id>` one of them.
 */
export function answerMailbox(request: Request, mailbox: Mailbox): Response {
  const { pathname, searchParams } = new URL(request.url);
  const [, , first, second] = pathname.split("/");
  if (first === undefined || first === "") return listPage(mailbox.list());
  if (first !== "messages") {
    const mail = mailbox.find(first);
    return mail === undefined ? missingPage() : mailPage(mail);
  }
  if (second === undefined || second === "") {
    return json({ messages: mailbox.list(searchParams.get("to") ?? undefined) });
  }
  const mail = mailbox.find(second);
  return mail === undefined ? json({ message: "There is no such mail." }, 404) : json(mail);
}

function json(body: unknown, status = 200): Response {
  return Response.json(body, {
    status,
    headers: { "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}
