import { createHash } from "node:crypto";
import type { Mail } from "./mail.ts";

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6571; --line: #d9dee4; --paper: #fff; --back: #f4f6f8; --link: #1257b8 }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ebf0; --soft: #9aa5b1; --line: #333b45; --paper: #1c2128; --back: #13171c; --link: #7db1ff } }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
h1 { font-size: 1.4rem; margin: 0 0 1rem; overflow-wrap: anywhere }
a { color: var(--link) }
.sheet { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; overflow: hidden }
ol { list-style: none; margin: 0; padding: 0 }
li + li { border-top: 1px solid var(--line) }
li a { display: grid; gap: 0 1rem; grid-template-columns: 1fr auto; padding: .7rem 1rem; text-decoration: none; color: inherit }
li a:hover, li a:focus-visible { background: var(--back) }
li strong { overflow-wrap: anywhere } small, time, dt { color: var(--soft); font-size: .875rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; padding: 1rem; border-bottom: 1px solid var(--line) }
dd { margin: 0; overflow-wrap: anywhere } pre { margin: 0; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }
details { border-top: 1px solid var(--line) } summary { padding: .7rem 1rem; cursor: pointer } details pre { font: .875rem/1.5 ui-monospace, monospace }
p.empty { padding: 2rem 1rem; margin: 0; text-align: center; color: var(--soft) }`;

const styleHash = createHash("sha256").update(style).digest("base64");

/** No script runs on these pages, nothing is loaded, and nobody may frame them. */
const headers = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

export function listPage(mails: readonly Mail[]): Response {
  const rows = mails.map(
    (mail) =>
      `<li><a href="/mailbox/${encodeURIComponent(mail.id)}"><strong>${escaped(mail.subject) || "(no subject)"}</strong>` +
      `${timeOf(mail)}<small>to ${escaped([...mail.to, ...mail.cc, ...mail.bcc].join(", "))}</small></a></li>`,
  );
  const body = rows.length === 0 ? `<p class="empty">No mail yet.</p>` : `<ol>${rows.join("")}</ol>`;
  return page("Mailbox", `<h1>Mailbox</h1><div class="sheet">${body}</div>`);
}

export function mailPage(mail: Mail): Response {
  const line = (name: string, value: string): string =>
    value === "" ? "" : `<dt>${name}</dt><dd>${escaped(value)}</dd>`;
  const source = (name: string, text: string | undefined): string =>
    text === undefined ? "" : `<details><summary>${name}</summary><pre>${escaped(text)}</pre></details>`;
  return page(
    mail.subject,
    `<p><a href="/mailbox">All mail</a></p><h1>${escaped(mail.subject) || "(no subject)"}</h1><div class="sheet"><dl>` +
      line("From", mail.from) +
      line("To", mail.to.join(", ")) +
      line("Cc", mail.cc.join(", ")) +
      line("Bcc", mail.bcc.join(", ")) +
      line("Reply to", mail.replyTo.join(", ")) +
      `<dt>Sent</dt><dd>${timeOf(mail)}</dd></dl>` +
      (mail.text === undefined ? "" : `<pre>${linked(mail.text)}</pre>`) +
      source("HTML source", mail.html) +
      source("Message source", mail.source) +
      `</div>`,
  );
}

export function missingPage(): Response {
  return page("Not found", `<p><a href="/mailbox">All mail</a></p><p>There is no such mail.</p>`, 404);
}

function page(title: string, body: string, status = 200): Response {
  const html =
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>` +
    `<meta name="viewport" content="width=device-width"><style>${style}</style></head><body><main>${body}</main></body></html>`;
  return new Response(html, { status, headers });
}

function timeOf(mail: Mail): string {
  const iso = new Date(mail.acceptedMs).toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Web addresses can be followed; the text is escaped first, so an address holds no quote or bracket. */
function linked(text: string): string {
  return escaped(text).replaceAll(
    /https?:\/\/(?:(?!&quot;|&#39;|&lt;|&gt;)[^\s])+/g,
    (url) => `<a href="${url}" rel="noreferrer noopener">${url}</a>`,
  );
}
