import { UnstyledButton } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { InstanceView } from "../../lib/api.ts";
import { EnvironmentBadge } from "../../ui/EnvironmentBadge.tsx";
import { Panel } from "../../ui/Page.tsx";
import { InstanceStatusBadge } from "./InstanceStatusBadge.tsx";
import classes from "./Rows.module.css";

type Props = {
  instances: InstanceView[];
  selected: string | undefined;
  onSelect: (id: string) => void;
};

export function InstanceRows({ instances, selected, onSelect }: Props) {
  const t = useTranslations("settings.instances");
  const tWords = useTranslations("words");
  return (
    <Panel padded={false}>
      <ul className={classes.rows}>
        {instances.map((instance) => (
          <li key={instance.id} className={classes.row} data-selected={instance.id === selected || undefined}>
            <div className={classes.main}>
              <UnstyledButton
                className={classes.name}
                aria-expanded={instance.id === selected}
                onClick={() => onSelect(instance.id)}
              >
                {instance.name}
              </UnstyledButton>
              <EnvironmentBadge environment={instance.environment} />
              <InstanceStatusBadge inspection={instance.inspection} />
            </div>
            <p className={classes.line}>
              {tWords(`engine.${instance.engine}`)} · {instance.network.name} ·{" "}
              {t("databases", { count: instance.databaseCount })} ·{" "}
              {t("grants", { count: instance.liveGrantCount })}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
