/** A mail that was accepted. Addresses are as the sender wrote them, with or without a name. */
export interface Mail {
  readonly id: string;
  readonly acceptedMs: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  /** The whole message, when it was sent raw. */
  readonly source?: string | undefined;
  readonly headers: readonly { readonly Name: string; readonly Value: string }[];
  readonly tags: readonly { readonly Name: string; readonly Value: string }[];
}

export function recipientsOf(mail: Mail): readonly string[] {
  return [...mail.to, ...mail.cc, ...mail.bcc];
}

/** The bare address in `Name <address>`; undefined when there is none that could be delivered to. */
export function addressIn(text: string): string | undefined {
  const address = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text;
  return /^[^\s@<>,;"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/.test(address.trim())
    ? address.trim()
    : undefined;
}
