import type { Item } from "./table.ts";

export const MAX_ITEM_BYTES = 400 * 1024;
export const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

/** An item's size as the service counts it: names and values in UTF-8 bytes, with its overheads for nesting. */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

function valueBytes(value: unknown): number {
  const [type = "", content] =
    Object.entries(typeof value === "object" && value !== null ? value : {})[0] ?? [];
  switch (type) {
    case "S":
      return Buffer.byteLength(String(content));
    case "N":
      return Math.ceil(String(content).replace(/[-.]/g, "").length / 2) + 1;
    case "B":
      return Buffer.byteLength(String(content), "base64");
    case "SS":
    case "NS":
    case "BS":
      return Array.isArray(content)
        ? content.reduce<number>((sum, entry) => sum + valueBytes({ [type.slice(0, 1)]: entry }), 0)
        : 0;
    case "L":
      return Array.isArray(content)
        ? content.reduce<number>((sum, entry) => sum + 1 + valueBytes(entry), 3)
        : 3;
    case "M":
      return Object.entries(typeof content === "object" && content !== null ? content : {}).reduce<number>(
        (sum, [name, entry]) => sum + 1 + Buffer.byteLength(name) + valueBytes(entry),
        3,
      );
    default:
      return 1;
  }
}
