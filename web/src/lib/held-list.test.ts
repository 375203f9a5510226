import { expect, test } from "vitest";
import { heldOrder } from "./held-list.ts";

const key = (item: { id: string }) => item.id;

test("a held list keeps its order, takes new content, keeps what left and adds new rows at the end", () => {
  const shown = [
    { id: "a", n: 1 },
    { id: "b", n: 1 },
    { id: "c", n: 1 },
  ];
  const newest = [
    { id: "d", n: 2 },
    { id: "c", n: 2 },
    { id: "a", n: 2 },
  ];
  expect(heldOrder(shown, newest, key)).toEqual([
    { id: "a", n: 2 },
    { id: "b", n: 1 },
    { id: "c", n: 2 },
    { id: "d", n: 2 },
  ]);
});
