import { Button, Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { DatabaseDetailView, Level, Scope } from "../../lib/api.ts";
import { shownObject } from "../../lib/shown-name.ts";
import { TextSkeleton } from "../../ui/Skeletons.tsx";
import classes from "./ScopePicker.module.css";
import { isIn, matchingSchemas, namesTables, newTable, type ScopeObject, toggled } from "./scope-choice.ts";

type Props = {
  database: DatabaseDetailView | undefined;
  level: Level | undefined;
  value: Scope;
  onChange: (scope: Scope) => void;
};

/** The whole database, or some of its schemas and tables. */
export function ScopePicker({ database, level, value, onChange }: Props) {
  const t = useTranslations("request.form");
  const [choosing, setChoosing] = useState(false);
  const mustName = namesTables(database?.engine, level);
  const some = choosing || mustName || value.kind === "objects";
  const objects = value.kind === "objects" ? value.objects : [];
  const tables = database?.tables ?? [];
  const change = (next: ScopeObject[]) =>
    onChange(next.length === 0 ? { kind: "database" } : { kind: "objects", objects: next });
  return (
    <div className={classes.scope}>
      <span className={classes.label}>{t("scope")}</span>
      <SegmentedControl
        className={classes.kind}
        aria-label={t("scope")}
        value={some ? "some" : "all"}
        disabled={database === undefined || (tables.length === 0 && !some)}
        onChange={(kind) => {
          setChoosing(kind === "some");
          if (kind === "all") onChange({ kind: "database" });
        }}
        data={[
          { value: "all", label: t("scopeAll"), disabled: mustName },
          { value: "some", label: t("scopeSome") },
        ]}
      />
      {mustName ? <p className={classes.note}>{t("scopeDdl")}</p> : null}
      {database !== undefined && tables.length === 0 ? (
        <p className={classes.note}>{t("scopeUnread")}</p>
      ) : null}
      {some ? (
        <TableList
          tables={tables}
          loading={database === undefined}
          // On MySQL and MariaDB a schema is the database: all of its tables are the whole database.
          offersWholeSchemas={database?.engine !== "mysql"}
          createsIn={mustName ? database?.name : undefined}
          objects={objects}
          onChange={change}
        />
      ) : null}
    </div>
  );
}

type ListProps = {
  tables: DatabaseDetailView["tables"];
  loading: boolean;
  offersWholeSchemas: boolean;
  /** The schema in which tables that do not exist yet can be named. */
  createsIn: string | undefined;
  objects: ScopeObject[];
  onChange: (objects: ScopeObject[]) => void;
};

function TableList({ tables, loading, offersWholeSchemas, createsIn, objects, onChange }: ListProps) {
  const t = useTranslations("request.form");
  const [text, setText] = useState("");
  const schemas = matchingSchemas(tables, text);
  const created = newTable(tables, createsIn, text);
  return (
    <div className={classes.box}>
      <TextInput
        size="xs"
        aria-label={t("scopeSearch")}
        placeholder={t("scopeSearch")}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={classes.list} data-loading={loading || undefined}>
        {loading ? <TextSkeleton lines={6} /> : null}
        {created && !isIn(objects, created) ? (
          <Button size="compact-xs" variant="subtle" onClick={() => onChange(toggled(objects, created))}>
            {t("scopeCreate", { name: shownObject(created) })}
          </Button>
        ) : null}
        {schemas.length === 0 && !created && !loading ? (
          <p className={classes.note}>{t("scopeNone", { query: text })}</p>
        ) : null}
        {schemas.map(({ schema, tables: members }) => {
          const whole = isIn(objects, { schema });
          return (
            <fieldset key={schema} className={classes.schema}>
              <legend className={classes.schemaName}>{schema}</legend>
              {text === "" && offersWholeSchemas ? (
                <Checkbox
                  size="xs"
                  label={t("scopeEvery", { schema })}
                  checked={whole}
                  onChange={() => onChange(toggled(objects, { schema }))}
                />
              ) : null}
              {members.map((table) => (
                <Checkbox
                  key={table.name}
                  size="xs"
                  disabled={whole}
                  checked={whole || isIn(objects, { schema, table: table.name })}
                  onChange={() => onChange(toggled(objects, { schema, table: table.name }))}
                  label={
                    <span className={classes.table}>
                      <code>{table.name}</code>
                      {table.rowEstimate === null ? null : (
                        <span className={classes.rows}>{t("rows", { count: table.rowEstimate })}</span>
                      )}
                    </span>
                  }
                />
              ))}
            </fieldset>
          );
        })}
      </div>
      <div className={classes.chosen} aria-live="polite">
        <span className={classes.note}>{t("scopeChosen", { count: objects.length })}</span>
        {objects.map((object) => (
          <button
            key={shownObject(object)}
            type="button"
            className={classes.chip}
            aria-label={t("scopeRemove", { name: shownObject(object) })}
            onClick={() => onChange(toggled(objects, object))}
          >
            <code>{shownObject(object)}</code>
            <IconX size={12} aria-hidden />
          </button>
        ))}
      </div>
    </div>
  );
}
