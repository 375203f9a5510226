import { describe, expect, it } from "vitest";
import { freshTags, matchingPicks } from "./tag-text.ts";

const picks = ["analysts", "engineers", "team-leads"].map((name) => ({ value: name, label: name }));

describe("matchingPicks", () => {
  it("proposes what matches and is not chosen yet", () => {
    expect(matchingPicks(picks, ["analysts"], "", false).map(({ value }) => value)).toEqual([
      "engineers",
      "team-leads",
    ]);
    expect(matchingPicks(picks, [], "LEAD", false).map(({ value }) => value)).toEqual(["team-leads"]);
  });

  it("puts free text first, so that Enter adds what was written and no other", () => {
    expect(matchingPicks(picks, [], "lead", true)[0]).toEqual({ value: "lead", label: "lead" });
    expect(matchingPicks(picks, [], "team-leads", true).map(({ value }) => value)).toEqual(["team-leads"]);
  });
});

describe("freshTags", () => {
  it("takes a pasted list apart, each once", () => {
    expect(freshTags(" a, b\nc,,a ", ["b"])).toEqual(["a", "c"]);
  });
});
