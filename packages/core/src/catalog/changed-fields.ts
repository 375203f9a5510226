/** What an edit changed, for its event: names of fields, and those fields before and after as JSON. */
export function changedFields(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): { changed: string[]; before: string; after: string } {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  const only = (record: Readonly<Record<string, unknown>>) =>
    JSON.stringify(Object.fromEntries(changed.map((field) => [field, record[field] ?? null])));
  return { changed, before: only(before), after: only(after) };
}
