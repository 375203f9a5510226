import { UnstyledButton } from "@mantine/core";
import { useTranslations } from "use-intl";
import { textParam } from "../../lib/search-params.ts";
import { SearchField } from "../../ui/SearchField.tsx";
import type { AuditSearch } from "./audit-filter.ts";
import { DatabaseChip, OperationChip, OutcomeChip, PersonChip } from "./ChoiceChips.tsx";
import classes from "./FilterBar.module.css";
import { SubjectChip } from "./SubjectChip.tsx";
import { TimeChip } from "./TimeChip.tsx";

export type ChipProps = {
  search: AuditSearch;
  /** Puts in what is given; what is given as undefined is taken out. */
  change: (change: { [K in keyof AuditSearch]?: AuditSearch[K] | undefined }) => void;
};

/** Free text and one chip a filter; together they are the question. */
export function FilterBar({
  search,
  onSearch,
}: {
  search: AuditSearch;
  onSearch: (search: AuditSearch) => void;
}) {
  const t = useTranslations("audit");
  const chip: ChipProps = {
    search,
    change: (change) =>
      onSearch(
        Object.fromEntries(
          Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined),
        ) as AuditSearch,
      ),
  };
  return (
    <div className={classes.bar}>
      <SearchField
        label={t("search")}
        value={search.q ?? ""}
        delayMs={400}
        onSearch={(text) => chip.change({ q: textParam(text) })}
      />
      <fieldset className={classes.chips} aria-label={t("filters")}>
        <PersonChip {...chip} />
        <DatabaseChip {...chip} />
        <OperationChip {...chip} />
        <OutcomeChip {...chip} />
        <SubjectChip {...chip} />
        <TimeChip {...chip} />
        {Object.keys(search).length > 0 ? (
          <UnstyledButton className={classes.clear} onClick={() => onSearch({})}>
            {t("clearAll")}
          </UnstyledButton>
        ) : null}
      </fieldset>
    </div>
  );
}
