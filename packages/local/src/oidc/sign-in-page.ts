import { createHash } from "node:crypto";
import type { Person } from "./people.ts";

/** The sign-in page: one form with a button for each person, which works without any script. */
export function signInPage(people: readonly Person[], action: string): string {
  const choices = people.map(
    (person, index) => `
      <li><button type="submit" name="person" value="${escape(person.id)}"${index === 0 ? " autofocus" : ""}>
        <span class="face" aria-hidden="true">${escape(initials(person.name))}</span>
        <span class="who"><strong>${escape(person.name)}</strong>
          <span class="part">${escape(person.part)}</span>
          <span class="mail">${escape(person.email)} · ${escape(person.groups.join(", "))}</span></span>
      </button></li>`,
  );
  return page(
    "Sign in",
    `<p class="note">This is the sign-in of a demo machine: there are no passwords, and the people are made up.
      In a company, your own identity provider stands here.</p>
    <form method="post" action="${escape(action)}">
      <fieldset><legend>Who are you?</legend><ul>${choices.join("")}</ul></fieldset>
      <button class="cancel" type="submit" name="cancel" value="yes">Cancel</button>
    </form>`,
  );
}

/** A page that says one thing, for errors and for having signed out. */
export function messagePage(title: string, message: string): string {
  return page(title, `<p class="note">${escape(message)}</p>`);
}

/** Asks before signing out; `form` is the provider's own form with its token, and holds no button. */
export function signOutPage(form: string): string {
  const button = `<button class="cancel" type="submit" name="logout" value="yes" autofocus>Sign out</button>`;
  return page("Sign out", form.replace("</form>", `${button}</form>`));
}

/**
 * Headers for every page of the provider. `formTargets` are the origins that a sign-in leads back to:
 * browsers apply form-action to the redirects that follow a form as well.
 */
export function pageHeaders(formTargets: readonly string[]): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": [
      "default-src 'none'",
      `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
      `form-action ${["'self'", ...formTargets].join(" ")}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
  };
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${escape(title)} · Daypass demo machine</title>
  <style>${style}</style>
</head>
<body><main>
  <p class="brand">Daypass <span>local sign-in</span></p>
  <h1>${escape(title)}</h1>
  ${body}
</main></body>
</html>
`;
}

function initials(name: string): string {
  return name
    .split(" ")
    .map((word) => word.slice(0, 1))
    .join("");
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const style = `
:root { color-scheme: light dark; --ground: #f3f5f8; --card: #fff; --ink: #17202e; --soft: #56637a;
  --line: #d8dee8; --accent: #2356c7; --tint: #e9effc; }
@media (prefers-color-scheme: dark) { :root { --ground: #10141b; --card: #181e28; --ink: #e8ecf3;
  --soft: #a3afc2; --line: #303a4a; --accent: #8db2ff; --tint: #222d42; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px;
  background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 30rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 14px; padding: 28px; }
.brand { margin: 0 0 20px; font-weight: 650; } .brand span { color: var(--soft); font-weight: 400; }
h1 { margin: 0 0 8px; font-size: 1.5rem; line-height: 1.25; }
.note { margin: 0 0 20px; color: var(--soft); font-size: .925rem; }
fieldset { border: 0; margin: 0; padding: 0; } legend { padding: 0; margin-bottom: 8px; font-weight: 600; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 6px; }
button { font: inherit; color: inherit; cursor: pointer; border: 1px solid var(--line); border-radius: 10px;
  background: var(--card); }
li button { width: 100%; display: flex; gap: 14px; align-items: center; padding: 7px 14px; line-height: 1.4; text-align: left; }
button:hover { border-color: var(--accent); background: var(--tint); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.face { flex: none; width: 40px; height: 40px; border-radius: 50%; display: grid; place-items: center;
  background: var(--tint); color: var(--accent); font-weight: 650; font-size: .875rem; }
.who { min-width: 0; display: grid; } .part { font-size: .925rem; }
.mail { color: var(--soft); font-size: .8125rem; overflow-wrap: anywhere; }
.cancel { margin-top: 16px; padding: 8px 16px; color: var(--soft); }
`;
