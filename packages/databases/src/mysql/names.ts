/** The schema that is this stack's own on a server: its register of accounts, and the event that ends them. */
export function registerName(stack: string): string {
  return `daypass_${stack}`;
}

/** Where an account may come from. Networks are the server's and the firewall's to restrict, not a name's. */
export const anyHost = "%";

const systemDatabases = new Set([
  "mysql",
  "information_schema",
  "performance_schema",
  "sys",
  "innodb",
  "rdsadmin",
  "tmp",
]);

/** Databases of the server, of a cloud, or of any stack of ours: never lent. */
export function isReserved(database: string): boolean {
  const name = database.toLowerCase();
  return systemDatabases.has(name) || name.startsWith("daypass_");
}

/** Whether the pattern of a grant (`_` and `%` wild, escaped by `\`) stands for this database. */
export function matchesPattern(pattern: string, database: string): boolean {
  const source = pattern.replaceAll(/\\[\\_%]|[_%]|[.*+?^${}()|[\]\\]/g, (part) => {
    if (part === "_") return ".";
    if (part === "%") return ".*";
    return part.startsWith("\\") && part.length === 2 ? escaped(part.slice(1)) : escaped(part);
  });
  return new RegExp(`^${source}$`, "su").test(database);
}

function escaped(character: string): string {
  return /[\w%]/.test(character) ? character : `\\${character}`;
}
