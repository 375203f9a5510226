import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { isId } from "./audit-filter.ts";
import type { ChipProps } from "./FilterBar.tsx";
import { FilterChip } from "./FilterChip.tsx";
import classes from "./TimeChip.module.css";

export function SubjectChip({ search: { subject }, change }: ChipProps) {
  const t = useTranslations("audit");
  return (
    <FilterChip name={t("subject")} value={subject ?? null} onClear={() => change({ subject: undefined })}>
      {(close) => (
        <SubjectForm
          subject={subject ?? ""}
          onApply={(id) => {
            change({ subject: id });
            close();
          }}
        />
      )}
    </FilterChip>
  );
}

function SubjectForm({ subject, onApply }: { subject: string; onApply: (id: string) => void }) {
  const t = useTranslations("audit");
  const [text, setText] = useState(subject);
  const [tried, setTried] = useState(false);
  const id = text.trim();
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isId(id)) onApply(id);
      }}
    >
      <TextInput
        size="xs"
        data-autofocus
        label={t("subject")}
        description={t("idHelp")}
        value={text}
        error={tried && !isId(id) ? t("idBad") : null}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button size="xs" type="submit">
        {t("apply")}
      </Button>
    </form>
  );
}
