import { IconSearchOff, IconTable } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import type { DatabaseDetailView } from "../../lib/api.ts";
import { useMe } from "../../lib/roles.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import classes from "./SchemaPart.module.css";
import { SchemaTree } from "./SchemaTree.tsx";
import { schemaTree } from "./schema-tree.ts";

type Props = {
  database: DatabaseDetailView;
  q: string;
  onSearch: (q: string) => void;
  open: ReadonlySet<string>;
  onToggle: (schema: string, table: string) => void;
};

/** The tables as last read, or why there are none to see. */
export function SchemaPart({ database, q, onSearch, open, onToggle }: Props) {
  const t = useTranslations("databases.schema");
  const { tables } = database;
  const groups = useMemo(() => schemaTree(tables, q), [tables, q]);
  const mayAsk = database.present && database.askable.some((level) => level.allowed);
  return (
    <section aria-labelledby="schema">
      <div className={classes.head}>
        <h2 className={classes.title} id="schema">
          {t("title")}
        </h2>
        {database.schemaReadAt === null ? null : (
          <span className={classes.read}>
            {t.rich("read", { moment: () => <Moment at={database.schemaReadAt ?? ""} /> })}
          </span>
        )}
        {tables.length > 0 ? (
          <SearchField label={t("search")} value={q} onSearch={onSearch} delayMs={120} />
        ) : null}
      </div>
      {tables.length === 0 ? (
        <NoTables database={database} />
      ) : groups.length === 0 ? (
        <EmptyState icon={IconSearchOff} title={t("nothing", { query: q })} />
      ) : (
        <SchemaTree
          groups={groups}
          databaseId={database.id}
          mayAsk={mayAsk}
          open={open}
          onToggle={onToggle}
        />
      )}
    </section>
  );
}

function NoTables({ database }: { database: DatabaseDetailView }) {
  const t = useTranslations("databases.schema");
  const { seesAll } = useMe();
  if (database.schemaReadAt !== null) {
    return (
      <EmptyState icon={IconTable} title={t("emptyTitle")}>
        {t("empty")}
      </EmptyState>
    );
  }
  if (!seesAll && !database.askable.some((level) => level.allowed)) {
    return <EmptyState icon={IconTable} title={t("hidden")} />;
  }
  return (
    <EmptyState
      icon={IconTable}
      title={t("never")}
      action={
        seesAll ? (
          <LinkButton
            variant="default"
            to="/settings/$section"
            params={{ section: "instances" }}
            search={{ instance: database.instance.id }}
          >
            {t("testInstance")}
          </LinkButton>
        ) : null
      }
    >
      {t("neverText")}
    </EmptyState>
  );
}
