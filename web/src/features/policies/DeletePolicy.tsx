import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { api, type PolicyView } from "../../lib/api.ts";
import { ConfirmPanel } from "../../ui/ConfirmPanel.tsx";
import { notifyDone } from "../../ui/notify.ts";

/** Asks again with what the deletion changes for whom; refused when somebody has changed the policy meanwhile. */
export function DeletePolicy({ policy: stored, onCancel }: { policy: PolicyView; onCancel: () => void }) {
  const t = useTranslations("policies.editor.delete");
  const client = useQueryClient();
  const navigate = useNavigate();
  const { name, enabled, effect } = stored.policy;
  const remove = useMutation({
    mutationFn: () => api.deletePolicy(stored.id, stored.version),
    onSuccess: async () => {
      notifyDone(t("done", { name }));
      await navigate({ to: "/policies", ignoreBlocker: true });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["policies"] }),
  });
  return (
    <ConfirmPanel
      title={t("title", { name })}
      consequence={enabled ? t(effect) : t("disabled")}
      confirm={t("confirm")}
      onConfirm={() => remove.mutate()}
      onCancel={onCancel}
      pending={remove.isPending}
      error={remove.error}
    />
  );
}
