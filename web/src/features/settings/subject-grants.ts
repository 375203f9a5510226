import { api, type GrantView } from "../../lib/api.ts";

/** Whose access: one person's, or everybody's on one instance. */
export type Subject = { kind: "person" | "instance"; id: string; name: string };
export type SubjectGrants = {
  /** Is, or may still become, access. */
  held: GrantView[];
  /** Ended already, and not yet seen absent. */
  leaving: GrantView[];
  /** There were more than are counted here. */
  isPartial: boolean;
};

/** Pages of 100; who looks at more than a thousand wants the switch, not the list. */
const pagesAtMost = 10;

/** What a person holds, or what is held on an instance, of all that is lent out now. */
export async function readSubjectGrants(subject: Subject, signal: AbortSignal): Promise<SubjectGrants> {
  const found: GrantView[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const answer: Awaited<ReturnType<typeof api.listGrants>> = await api.listGrants(
      { view: "active", limit: 100, ...(cursor === null ? {} : { cursor }) },
      signal,
    );
    found.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return { ...splitGrants(found.filter((grant) => isOf(grant, subject))), isPartial: cursor !== null };
}

export function splitGrants(grants: readonly GrantView[]): Pick<SubjectGrants, "held" | "leaving"> {
  const isLeaving = ({ state }: GrantView) => state === "revoking" || state === "quarantined";
  return { held: grants.filter((grant) => !isLeaving(grant)), leaving: grants.filter(isLeaving) };
}

function isOf({ holder, database }: GrantView, { kind, id }: Subject): boolean {
  return kind === "person" ? holder.id === id : database.instance.id === id;
}
