import { expect, test } from "vitest";
import { pathOfId } from "./path-of-id.ts";

test("a pasted identifier leads to its page, other text nowhere", () => {
  expect(pathOfId("req_01JD8Z5K3QW8R4T6Y2X9V7B1CN")).toBe("/requests/req_01JD8Z5K3QW8R4T6Y2X9V7B1CN");
  expect(pathOfId("grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN")).toBe("/grants/grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN");
  expect(pathOfId("xyz_01JD8Z5K3QW8R4T6Y2X9V7B1CN")).toBeNull();
  expect(pathOfId("req_../../evil")).toBeNull();
  expect(pathOfId("shop")).toBeNull();
});
