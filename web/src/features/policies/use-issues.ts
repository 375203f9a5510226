import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { Problem } from "../../lib/problem.ts";
import { checkPolicy, type IssueKey } from "./check-policy.ts";
import type { Draft } from "./use-draft.ts";

/** One thing to put right, as the reader sees it. */
export type ShownIssue = { path: string; message: string; by: "page" | "server" };

/**
 * What the page and the server have against a policy. A new one is not reproached with what nobody has had the time to
 * write: its issues show once saving was tried.
 */
export function useIssues(draft: Draft, error: unknown, isStored: boolean) {
  const tell = useIssueText();
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<{ error: unknown; text: string } | null>(null);
  if (error instanceof Problem && error.issues.length > 0 && refused?.error !== error) {
    setRefused({ error, text: draft.text });
  }
  const own = useMemo(() => (draft.reading.ok ? checkPolicy(draft.reading.value) : []), [draft.reading]);
  const page = own.map(
    ({ path, key, values }): ShownIssue => ({ path, message: tell(key, values), by: "page" }),
  );
  // The server spoke of a text; once that is edited, what it said may no longer hold.
  const server = refused !== null && refused.text === draft.text ? issuesOf(refused.error) : [];
  return {
    issues: {
      all: page,
      shown: [...(tried || isStored ? page : []), ...server],
      hasServers: server.length > 0,
    },
    showAll: () => setTried(true),
  };
}

function useIssueText(): (key: IssueKey, values?: Record<string, string | number>) => string {
  const t = useTranslations("policies.issue");
  return (key, values) => {
    const { most = 0, name = "" } = values ?? {};
    return t(key, { most: String(most), name: String(name) });
  };
}

/** The document lies under `policy` in a change, and on its own in a creation. */
function issuesOf(error: unknown): ShownIssue[] {
  if (!(error instanceof Problem)) return [];
  return error.issues.map(({ path, message }) => ({
    path: path.replace(/^(?:body\.)?policy(?:\.|$)/, ""),
    message,
    by: "server",
  }));
}
