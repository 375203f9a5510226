import { expect, test } from "vitest";
import { linkParts } from "./link-parts.ts";

test("an address in prose is told apart from the marks around it", () => {
  const href = "https://tickets.example.test/browse/OPS-7";
  expect(linkParts(`see (${href}), please`)).toEqual([
    { text: "see (", href: null },
    { text: href, href },
    { text: "), please", href: null },
  ]);
});

test("no other scheme becomes a link, and the text stays whole", () => {
  for (const text of [
    "javascript:alert(1)",
    "http://tickets.example.test/",
    "data:text/html,x",
    "https://",
  ]) {
    expect(linkParts(text)).toEqual([{ text, href: null }]);
  }
});
