import { Button } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { SchemaTable } from "./SchemaTable.tsx";
import classes from "./SchemaTree.module.css";
import type { SchemaGroup } from "./schema-tree.ts";

type Props = {
  groups: SchemaGroup[];
  databaseId: string;
  mayAsk: boolean;
  /** Schema-qualified names of the tables whose columns are shown. */
  open: ReadonlySet<string>;
  onToggle: (schema: string, table: string) => void;
};

const rowsAtFirst = 100;

/** Schemas with their tables. Long ones begin with their first tables; columns are drawn only while they are shown. */
export function SchemaTree({ groups, ...rest }: Props) {
  return (
    <div className={classes.tree}>
      {groups.map((group) => (
        <Schema key={group.schema} group={group} {...rest} />
      ))}
    </div>
  );
}

function Schema({ group, open, ...rest }: Omit<Props, "groups"> & { group: SchemaGroup }) {
  const t = useTranslations("databases.schema");
  const [shown, setShown] = useState(rowsAtFirst);
  const left = group.tables.length - shown;
  return (
    <details className={classes.schema} open>
      <summary className={classes.summary}>
        <IconChevronRight size={15} aria-hidden className={classes.chevron} />
        <code>{group.schema}</code>
        <span className={classes.count}>{t("count", { count: group.tables.length })}</span>
      </summary>
      <ul className={classes.tables}>
        {group.tables.slice(0, shown).map((table) => (
          <SchemaTable
            key={table.name}
            table={table}
            isOpen={open.has(`${table.schema}.${table.name}`)}
            {...rest}
          />
        ))}
      </ul>
      {left > 0 ? (
        <div className={classes.more}>
          <Button size="compact-xs" variant="subtle" onClick={() => setShown(shown + 500)}>
            {t("more", { count: Math.min(left, 500) })}
          </Button>
        </div>
      ) : null}
    </details>
  );
}
