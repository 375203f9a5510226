import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { peopleQuery } from "../../lib/people.ts";
import { databaseQuery, databasesQuery } from "../../lib/queries.ts";
import { PickList } from "../../ui/PickList.tsx";
import type { ChipProps } from "./FilterBar.tsx";
import { FilterChip } from "./FilterChip.tsx";
import { operations } from "./operations.ts";

export function PersonChip({ search: { actor }, change }: ChipProps) {
  const t = useTranslations("audit");
  const { data: people = [] } = useQuery(peopleQuery);
  const picks = [
    ...(["workflow", "sweeper", "setup"] as const).map((name) => ({
      value: `system:${name}`,
      label: t(`system.${name}`),
    })),
    ...people.map(({ id, name, email }) => ({ value: id, label: name, aside: email })),
  ];
  const name = actor === undefined ? null : (picks.find((pick) => pick.value === actor)?.label ?? actor);
  return (
    <FilterChip name={t("person")} value={name} onClear={() => change({ actor: undefined })}>
      {(close) => (
        <PickList
          name={t("person")}
          picks={picks}
          chosen={actor}
          onPick={(id) => {
            change({ actor: id });
            close();
          }}
        />
      )}
    </FilterChip>
  );
}

export function DatabaseChip({ search: { database }, change }: ChipProps) {
  const t = useTranslations("audit");
  const chosen = useQuery({ ...databaseQuery(database ?? ""), enabled: database !== undefined });
  const name =
    database === undefined
      ? null
      : chosen.data
        ? `${chosen.data.name} · ${chosen.data.environment.name}`
        : database;
  return (
    <FilterChip name={t("database")} value={name} onClear={() => change({ database: undefined })}>
      {(close) => (
        <DatabasePick
          chosen={database}
          onPick={(id) => {
            change({ database: id });
            close();
          }}
        />
      )}
    </FilterChip>
  );
}

function DatabasePick({ chosen, onPick }: { chosen: string | undefined; onPick: (id: string) => void }) {
  const t = useTranslations("audit");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const { data } = useQuery(databasesQuery(q));
  const picks = (data?.items ?? []).map(({ id, name, instance, environment }) => ({
    value: id,
    label: name,
    aside: `${instance.name} · ${environment.name}`,
  }));
  return <PickList name={t("database")} picks={picks} chosen={chosen} onPick={onPick} onType={setTyped} />;
}

export function OperationChip({ search: { operation }, change }: ChipProps) {
  const t = useTranslations("audit");
  return (
    <FilterChip
      name={t("operation")}
      value={operation ?? null}
      onClear={() => change({ operation: undefined })}
    >
      {(close) => (
        <PickList
          name={t("operation")}
          picks={operations.map((each) => ({ value: each, label: each }))}
          chosen={operation}
          onPick={(name) => {
            change({ operation: name });
            close();
          }}
        />
      )}
    </FilterChip>
  );
}

const outcomes = ["done", "denied", "failed"] as const;

export function OutcomeChip({ search: { outcome }, change }: ChipProps) {
  const t = useTranslations("audit");
  const tWords = useTranslations("words.outcome");
  return (
    <FilterChip
      name={t("outcome")}
      value={outcome === undefined ? null : tWords(outcome)}
      onClear={() => change({ outcome: undefined })}
    >
      {(close) => (
        <PickList
          name={t("outcome")}
          picks={outcomes.map((each) => ({ value: each, label: tWords(each) }))}
          chosen={outcome}
          onPick={(value) => {
            change({ outcome: outcomes.find((each) => each === value) });
            close();
          }}
        />
      )}
    </FilterChip>
  );
}
