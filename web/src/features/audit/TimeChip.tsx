import { Button, TextInput, UnstyledButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useMomentFormat } from "../../ui/Moment.tsx";
import { momentText } from "../../ui/moment-text.ts";
import { type Span, spans } from "./audit-filter.ts";
import type { ChipProps } from "./FilterBar.tsx";
import { FilterChip } from "./FilterChip.tsx";
import { instantOfLocal, localOfInstant } from "./local-time.ts";
import classes from "./TimeChip.module.css";

const none = { last: undefined, from: undefined, to: undefined };

/** A time up to now, or between two moments of the reader's zone. */
export function TimeChip({ search: { last, from, to }, change }: ChipProps) {
  const t = useTranslations("audit");
  const format = useMomentFormat();
  // A day away from everything, so that the date is always told.
  const tell = (at: string) => momentText(Date.parse(at), 0, format);
  const value =
    last !== undefined
      ? t(`last.${last}`)
      : from !== undefined && to !== undefined
        ? t("range", { from: tell(from), to: tell(to) })
        : from !== undefined
          ? t("since", { from: tell(from) })
          : to !== undefined
            ? t("before", { to: tell(to) })
            : null;
  return (
    <FilterChip name={t("time")} value={value} onClear={() => change(none)}>
      {(close) => (
        <div className={classes.form}>
          <Spans
            chosen={last}
            onChoose={(span) => {
              change({ ...none, last: span });
              close();
            }}
          />
          <RangeForm
            from={from}
            to={to}
            onApply={(range) => {
              change({ ...none, ...range });
              close();
            }}
          />
        </div>
      )}
    </FilterChip>
  );
}

function Spans({ chosen, onChoose }: { chosen: Span | undefined; onChoose: (span: Span) => void }) {
  const t = useTranslations("audit.last");
  return (
    <div>
      {spans.map((span) => (
        <UnstyledButton
          key={span}
          className={classes.span}
          aria-pressed={span === chosen}
          onClick={() => onChoose(span)}
        >
          <span>{t(span)}</span>
          {span === chosen ? <IconCheck size={14} aria-hidden /> : null}
        </UnstyledButton>
      ))}
    </div>
  );
}

type Range = { from: string | undefined; to: string | undefined };

function RangeForm({ from, to, onApply }: Range & { onApply: (range: Range) => void }) {
  const t = useTranslations("audit");
  const [start, setStart] = useState(from === undefined ? "" : localOfInstant(from));
  const [end, setEnd] = useState(to === undefined ? "" : localOfInstant(to));
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onApply({ from: instantOfLocal(start), to: instantOfLocal(end) });
      }}
    >
      <TextInput
        size="xs"
        type="datetime-local"
        label={t("from")}
        value={start}
        onChange={(event) => setStart(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        type="datetime-local"
        label={t("to")}
        value={end}
        onChange={(event) => setEnd(event.currentTarget.value)}
      />
      <Button size="xs" type="submit" disabled={start === "" && end === ""}>
        {t("apply")}
      </Button>
    </form>
  );
}
