import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { api, type EnvironmentView } from "../../lib/api.ts";
import { ConfirmPanel } from "../../ui/ConfirmPanel.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { environmentsQuery } from "./settings-queries.ts";

export function DeleteEnvironment({
  environment,
  onDone,
}: {
  environment: EnvironmentView;
  onDone: () => void;
}) {
  const t = useTranslations("settings.environments");
  const client = useQueryClient();
  const { id, name, version } = environment;
  const remove = useMutation({
    mutationFn: () => api.deleteEnvironment(id, version),
    onSuccess: () => {
      notifyDone(t("deleted", { name }));
      onDone();
    },
    onSettled: () => client.invalidateQueries({ queryKey: environmentsQuery.queryKey }),
  });
  return (
    <ConfirmPanel
      title={t("remove.title", { name })}
      consequence={t("remove.text")}
      confirm={t("remove.confirm")}
      onConfirm={() => remove.mutate()}
      onCancel={onDone}
      pending={remove.isPending}
      error={remove.error}
    />
  );
}
