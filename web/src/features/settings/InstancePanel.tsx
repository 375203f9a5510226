import { Button } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { InstanceView } from "../../lib/api.ts";
import { useMe } from "../../lib/roles.ts";
import { EnvironmentBadge } from "../../ui/EnvironmentBadge.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { TextSkeleton } from "../../ui/Skeletons.tsx";
import { ConnectionTest } from "./ConnectionTest.tsx";
import { DeleteInstance } from "./DeleteInstance.tsx";
import { EndAccess } from "./EndAccess.tsx";
import classes from "./InstancePanel.module.css";
import { InstanceForm } from "./LazyInstanceForm.tsx";
import { instanceQuery } from "./settings-queries.ts";

type Props = {
  instanceId: string;
  isEditing: boolean;
  onEdit: (isEditing: boolean) => void;
  onGone: () => void;
};

/** One instance: what it is, its connection test, and for administrators the moves. */
export function InstancePanel({ instanceId, isEditing, onEdit, onGone }: Props) {
  const query = useQuery(instanceQuery(instanceId));
  return (
    <QueryView query={query} skeleton={<TextSkeleton lines={8} />}>
      {(instance) =>
        isEditing ? (
          <InstanceForm stored={instance} onSaved={() => onEdit(false)} onCancel={() => onEdit(false)} />
        ) : (
          <Shown instance={instance} onEdit={() => onEdit(true)} onGone={onGone} />
        )
      }
    </QueryView>
  );
}

type ShownProps = { instance: InstanceView; onEdit: () => void; onGone: () => void };

function Shown({ instance, onEdit, onGone }: ShownProps) {
  const t = useTranslations("settings.instances");
  const { administers } = useMe();
  const [deleting, setDeleting] = useState(false);
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <h3 className={classes.name}>{instance.name}</h3>
        {administers ? (
          <div className={classes.buttons}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPencil size={14} aria-hidden />}
              onClick={onEdit}
            >
              {t("edit")}
            </Button>
            <Button
              size="xs"
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={14} aria-hidden />}
              onClick={() => setDeleting(true)}
            >
              {t("delete")}
            </Button>
          </div>
        ) : null}
      </div>
      {deleting ? (
        <DeleteInstance instance={instance} onCancel={() => setDeleting(false)} onGone={onGone} />
      ) : null}
      {administers ? (
        <EndAccess subject={{ kind: "instance", id: instance.id, name: instance.name }} />
      ) : null}
      <ConnectionTest instance={instance} />
      <Facts facts={useFacts(instance)} />
      <p>
        <Link
          to="/settings/$section"
          params={{ section: "reconciliation" }}
          search={{ instance: instance.id }}
        >
          {t("reconciliation")}
        </Link>
      </p>
    </div>
  );
}

function useFacts(instance: InstanceView) {
  const t = useTranslations("settings.instances");
  const tWords = useTranslations("words");
  const labels = Object.entries(instance.labels);
  return [
    { name: t("facts.engine"), value: tWords(`engine.${instance.engine}`) },
    { name: t("facts.environment"), value: <EnvironmentBadge environment={instance.environment} /> },
    { name: t("facts.network"), value: instance.network.name },
    { name: t("facts.secret"), value: <code>{instance.secretName}</code> },
    {
      name: t("facts.databases"),
      value:
        instance.databasePatterns.length === 0 ? (
          t("facts.all")
        ) : (
          <code>{instance.databasePatterns.join(", ")}</code>
        ),
    },
    {
      name: t("facts.labels"),
      value:
        labels.length === 0 ? (
          t("facts.none")
        ) : (
          <code>{labels.map(([name, value]) => `${name}=${value}`).join(", ")}</code>
        ),
    },
    { name: t("facts.tls"), value: t(`tls.${instance.tls}`) },
    { name: t("facts.grants"), value: t("grants", { count: instance.liveGrantCount }) },
  ];
}
