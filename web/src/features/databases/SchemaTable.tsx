import { UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconKey } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useFormatter, useTranslations } from "use-intl";
import type { DatabaseDetailView } from "../../lib/api.ts";
import { scopeToParam } from "../../lib/scope-param.ts";
import { present } from "../../lib/search-params.ts";
import classes from "./SchemaTable.module.css";

type Table = DatabaseDetailView["tables"][number];
type Props = {
  table: Table;
  databaseId: string;
  mayAsk: boolean;
  isOpen: boolean;
  onToggle: (schema: string, table: string) => void;
};

export function SchemaTable({ table, databaseId, mayAsk, isOpen, onToggle }: Props) {
  const t = useTranslations("databases.schema");
  const format = useFormatter();
  return (
    <li className={classes.item}>
      <UnstyledButton
        className={classes.head}
        aria-expanded={isOpen}
        onClick={() => onToggle(table.schema, table.name)}
      >
        <IconChevronRight size={15} aria-hidden className={classes.chevron} />
        <span className={classes.name}>
          <code>{table.name}</code>
          {table.comment ? <span className={classes.comment}>{table.comment}</span> : null}
        </span>
        <span className={classes.facts}>
          {table.kind === "table" ? null : <span>{t(`kind.${table.kind}`)}</span>}
          {table.rowEstimate === null ? null : (
            <span>
              {t("rows", {
                rows: format.number(table.rowEstimate, { notation: "compact", maximumFractionDigits: 1 }),
                count: table.rowEstimate,
              })}
            </span>
          )}
          <span className="not-phone">{t("columns", { count: table.columns.length })}</span>
        </span>
      </UnstyledButton>
      {isOpen ? (
        <div className={classes.body}>
          <Columns columns={table.columns} label={`${table.schema}.${table.name}`} />
          {mayAsk ? (
            <Link
              to="/request"
              search={present({
                database: databaseId,
                scope: scopeToParam({
                  kind: "objects",
                  objects: [{ schema: table.schema, table: table.name }],
                }),
              })}
            >
              {t("askTable")}
            </Link>
          ) : null}
        </div>
      ) : null}
    </li>
  );
}

function Columns({ columns, label }: { columns: Table["columns"]; label: string }) {
  const t = useTranslations("databases.schema");
  const hasComments = columns.some((column) => column.comment !== null);
  return (
    // What scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={classes.scroll} tabIndex={0} aria-label={label}>
      <table className={classes.columns}>
        <thead>
          <tr>
            <th scope="col">{t("column")}</th>
            <th scope="col">{t("type")}</th>
            {hasComments ? <th scope="col">{t("comment")}</th> : null}
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.name}>
              <td>
                <code>{column.name}</code>
                {column.primaryKey ? (
                  <span className={classes.key} title={t("key")}>
                    <IconKey size={13} aria-hidden />
                    <span className="visually-hidden">{t("key")}</span>
                  </span>
                ) : null}
              </td>
              <td>
                <code className={classes.type}>{column.type}</code>
                {column.nullable || column.primaryKey ? null : (
                  <span className={classes.notNull}>{t("notNull")}</span>
                )}
              </td>
              {hasComments ? <td className={classes.columnComment}>{column.comment}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
