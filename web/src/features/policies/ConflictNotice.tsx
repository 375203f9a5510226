import { Button } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { PolicyView } from "../../lib/api.ts";
import { Callout } from "../../ui/Callout.tsx";
import classes from "./ConflictNotice.module.css";

type Props = {
  /** null: it was deleted. */
  newest: PolicyView | null;
  onTheirs: (newest: PolicyView) => void;
  onMine: (newest: PolicyView) => void;
};

/** Somebody was quicker: nothing is lost, the reader chooses. */
export function ConflictNotice({ newest, onTheirs, onMine }: Props) {
  const t = useTranslations("policies.editor.conflict");
  if (newest === null) return <Callout tone="amber" icon={IconUsers} title={t("gone")} />;
  return (
    <Callout
      tone="amber"
      icon={IconUsers}
      title={t("title", { who: newest.updatedBy?.name ?? t("somebody") })}
    >
      <p>{t("text")}</p>
      <div className={classes.buttons}>
        <Button size="xs" variant="default" onClick={() => onTheirs(newest)}>
          {t("theirs")}
        </Button>
        <Button size="xs" variant="default" onClick={() => onMine(newest)}>
          {t("mine")}
        </Button>
      </div>
    </Callout>
  );
}
