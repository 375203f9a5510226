import { expect, test } from "vitest";
import { viewerAddress } from "./front-door.ts";

test.each([
  ["198.51.100.7:46532", "198.51.100.7"],
  ["2001:db8::c4a:42838", "2001:db8::c4a"],
  ["2001:db8:0:0:0:0:0:7:443", "2001:db8:0:0:0:0:0:7"],
  ["[2001:db8::7]:46532", "2001:db8::7"],
])("the viewer of %s is %s", (header, address) => {
  expect(viewerAddress(header)).toBe(address);
});

test.each([
  undefined,
  "",
  "198.51.100.7",
  "198.51.100.7:",
  "198.51.100.7:1:2",
  "198.51.100.7, 192.0.2.1:80",
  "example.com:80",
  "2001:db8::7",
  "[]:80",
])("%j names nobody", (header) => {
  expect(viewerAddress(header)).toBeUndefined();
});
