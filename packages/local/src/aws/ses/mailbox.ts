import type { Journal } from "../server/journal.ts";
import { addressIn, type Mail, recipientsOf } from "./mail.ts";

/** The newest mails are kept; older ones make room for them. */
const mostMails = 2000;

export interface Mailbox {
  add(mail: Mail): void;
  find(id: string): Mail | undefined;
  /** Newest first; with an address, only what was sent to it. */
  list(recipient?: string): Mail[];
}

export function mailbox(journal: Journal): Mailbox {
  const mails = journal.table<Mail>("mail");
  return {
    add(mail) {
      const [[oldest] = []] = mails.entries();
      const room = mails.size >= mostMails && oldest !== undefined ? [mails.drop(oldest)] : [];
      journal.commit(...room, mails.put(mail.id, mail));
    },
    find: (id) => mails.get(id),
    list(recipient) {
      const all = [...mails.entries()].map(([, mail]) => mail).reverse();
      if (recipient === undefined) return all;
      const wanted = recipient.toLowerCase();
      return all.filter((mail) => recipientsOf(mail).some((one) => addressIn(one)?.toLowerCase() === wanted));
    },
  };
}
