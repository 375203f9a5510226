const dots = "••••••••••••";

/** A line with the password as dots, also where the line carries it percent-encoded. */
export function hideSecret(line: string, secret: string): string {
  if (secret === "") return line;
  const forms = [...new Set([encodeURIComponent(secret), secret, quoted(secret)])].toSorted(
    (one, other) => other.length - one.length,
  );
  return forms.reduce((text, form) => text.replaceAll(form, dots), line);
}

/** As a shell's single quotes have to write it. */
function quoted(secret: string): string {
  return secret.replaceAll("'", `'\\''`);
}
