/** A policy as a file: short lists and objects stay on one line, fields in the order in which people read them. */
export function policyFile(value: unknown): string {
  return `${written(value, "", 0)}\n`;
}

const widest = 64;
const order = [
  "name",
  "description",
  "enabled",
  "effect",
  "who",
  "may",
  "on",
  "for",
  "approval",
  "count",
  "everyone",
  "groups",
  "users",
  "levels",
  "environments",
  "protected",
  "instances",
  "databases",
  "labels",
  "maxDurationMinutes",
  "maxTotalMinutes",
  "hours",
];

function written(value: unknown, indent: string, used: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const line = onOneLine(value);
  if (indent !== "" && indent.length + used + line.length <= widest) return line;
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const parts = Array.isArray(value)
    ? value.map((item) => `${deeper}${written(item, deeper, 0)}`)
    : inOrder(value).map(([name, item]) => {
        const key = `${JSON.stringify(name)}: `;
        return `${deeper}${key}${written(item, deeper, key.length)}`;
      });
  return parts.length === 0 ? `${open}${close}` : `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = inOrder(value).map(([name, item]) => `${JSON.stringify(name)}: ${onOneLine(item)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** Unknown names last, as they came: the check says that they are unknown, it does not hide them. */
function inOrder(value: object): [string, unknown][] {
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([one], [other]) => place(one) - place(other));
}
