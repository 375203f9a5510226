import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { api, type InstanceView } from "../../lib/api.ts";
import { Callout } from "../../ui/Callout.tsx";
import { ConfirmPanel } from "../../ui/ConfirmPanel.tsx";
import { notifyDone } from "../../ui/notify.ts";

type Props = { instance: InstanceView; onCancel: () => void; onGone: () => void };

/** Asks again; says why not while something of it is lent out. */
export function DeleteInstance({ instance, onCancel, onGone }: Props) {
  const t = useTranslations("settings.instances.remove");
  const client = useQueryClient();
  const { name, liveGrantCount } = instance;
  const remove = useMutation({
    mutationFn: () => api.deleteInstance(instance.id, instance.version),
    onSuccess: () => {
      notifyDone(t("done", { name }));
      onGone();
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["databases"] });
      return client.invalidateQueries({ queryKey: ["instances"] });
    },
  });
  if (liveGrantCount > 0) {
    return (
      <Callout tone="amber">
        <p>{t("hasGrants", { count: liveGrantCount })}</p>
        <Link to="/settings/$section" params={{ section: "guarantee" }}>
          {t("seeGrants")}
        </Link>
      </Callout>
    );
  }
  return (
    <ConfirmPanel
      title={t("title", { name })}
      consequence={t("text")}
      confirm={t("confirm")}
      onConfirm={() => remove.mutate()}
      onCancel={onCancel}
      pending={remove.isPending}
      error={remove.error}
    />
  );
}
