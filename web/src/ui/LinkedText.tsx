import { linkParts } from "../lib/link-parts.ts";

/** What somebody wrote, with its https addresses as links that tell the other site nothing. */
export function LinkedText({ text }: { text: string }) {
  return (
    <>
      {linkParts(text).map((part, index) =>
        part.href === null ? (
          part.text
        ) : (
          <a
            key={`${index} ${part.href}`}
            href={part.href}
            target="_blank"
            rel="noreferrer noopener nofollow"
          >
            {part.text}
          </a>
        ),
      )}
    </>
  );
}
