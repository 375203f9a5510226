import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, type PolicyView } from "../../lib/api.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import { notifyDone } from "../../ui/notify.ts";
import { policiesQuery } from "./policies-query.ts";

type Conflict = { newest: PolicyView | null };

/** Saves over the very version that was opened; when somebody was quicker, says so with the newest one. */
export function useSavePolicy(opened: PolicyView | null, onSaved: (saved: PolicyView) => void) {
  const t = useTranslations("policies.editor");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const save = useMutation({
    mutationFn: ({ over, value }: { over: PolicyView | null; value: unknown }) => {
      // The page has checked its shape as far as it can; the server parses it strictly.
      const policy = value as PolicyDocumentInput;
      return over === null ? api.createPolicy(policy) : api.changePolicy(over.id, over.version, policy);
    },
    onSuccess: async (saved, { over }) => {
      setConflict(null);
      client.setQueryData(policiesQuery.queryKey, (old) => ({
        items: [...(old?.items ?? []).filter((policy) => policy.id !== saved.id), saved],
      }));
      void client.invalidateQueries({ queryKey: ["policies"] });
      notifyDone(over === null ? t("created") : t("saved"));
      onSaved(saved);
      if (over === null) {
        await navigate({
          to: "/policies/$policyId",
          params: { policyId: saved.id },
          replace: true,
          ignoreBlocker: true,
        });
      }
    },
    onError: async (error, { over }) => {
      const isGone = error instanceof Problem && error.status === 404;
      if (over === null || !(isProblem(error, "policy.changed") || isGone)) return;
      const { items } = await client.fetchQuery({ ...policiesQuery, staleTime: 0 });
      setConflict({ newest: items.find((policy) => policy.id === over.id) ?? null });
    },
  });
  return {
    mutate: (value: unknown) => save.mutate({ over: opened, value }),
    mutateOver: (over: PolicyView, value: unknown) => save.mutate({ over, value }),
    isPending: save.isPending,
    isSuccess: save.isSuccess,
    error: save.error,
    conflict,
    reset: () => {
      setConflict(null);
      save.reset();
    },
  };
}
