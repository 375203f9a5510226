import { Button } from "@mantine/core";
import { IconPlus, IconServer } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import type { InstanceView } from "../../lib/api.ts";
import { useMe } from "../../lib/roles.ts";
import { present, textParam } from "../../lib/search-params.ts";
import { useHeldList } from "../../lib/use-held-list.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ListView } from "../../ui/ListView.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { SplitView } from "../../ui/SplitView.tsx";
import { InstancePanel } from "./InstancePanel.tsx";
import { InstanceRows } from "./InstanceRows.tsx";
import { InstanceForm } from "./LazyInstanceForm.tsx";
import { MachineNote } from "./MachineNote.tsx";
import { SectionHead } from "./SectionHead.tsx";
import type { SectionProps, SettingsSearch } from "./SettingsPage.tsx";
import { instancesQuery } from "./settings-queries.ts";

/** The servers: the list, and beside it the one that is looked at, added or edited. */
export function InstancesSection({ search, onSearch }: SectionProps) {
  const t = useTranslations("settings.instances");
  const { administers } = useMe();
  const q = search.q ?? "";
  const withQ: SettingsSearch = q ? { q } : {};
  return (
    <SplitView
      panel={usePanel(search, (next) => onSearch({ ...withQ, ...next }))}
      onClose={() => onSearch(withQ)}
      list={
        <>
          <SectionHead lead={t("lead")}>
            <SearchField
              label={t("search")}
              value={q}
              delayMs={120}
              onSearch={(text) => onSearch(present({ ...search, q: textParam(text) }))}
            />
            {administers ? (
              <Button
                leftSection={<IconPlus size={16} aria-hidden />}
                onClick={() => onSearch({ ...withQ, add: true })}
              >
                {t("add")}
              </Button>
            ) : null}
          </SectionHead>
          {administers ? <MachineNote /> : null}
          <InstanceList
            q={q}
            selected={search.instance}
            onSelect={(instance) => onSearch({ ...withQ, instance })}
            onAdd={() => onSearch({ add: true })}
          />
        </>
      }
    />
  );
}

function usePanel(search: SettingsSearch, go: (search: SettingsSearch) => void) {
  const t = useTranslations("settings.form");
  const { administers } = useMe();
  if (search.add && administers) {
    return {
      key: "add",
      title: t("addTitle"),
      content: <InstanceForm stored={null} onSaved={(instance) => go({ instance: instance.id })} />,
    };
  }
  const id = search.instance;
  if (id === undefined) return null;
  return {
    key: id,
    title: t("panelTitle"),
    content: (
      <InstancePanel
        instanceId={id}
        isEditing={search.edit === true && administers}
        onEdit={(isEditing) => go(isEditing ? { instance: id, edit: true } : { instance: id })}
        onGone={() => go({})}
      />
    ),
  };
}

type ListProps = {
  q: string;
  selected: string | undefined;
  onSelect: (id: string) => void;
  onAdd: () => void;
};

function InstanceList({ q, selected, onSelect, onAdd }: ListProps) {
  const t = useTranslations("settings.instances");
  const { administers } = useMe();
  const query = useInfiniteQuery(instancesQuery);
  const { rows = [], hold } = useHeldList(query.data, idOf);
  const wanted = q.toLowerCase();
  const shown = rows.filter((instance) =>
    `${instance.name} ${instance.environment.name} ${instance.secretName}`.toLowerCase().includes(wanted),
  );
  return (
    <ListView query={query} skeleton={<RowsSkeleton rows={5} height={64} />}>
      {() =>
        rows.length === 0 ? (
          <EmptyState
            icon={IconServer}
            title={t("empty")}
            action={administers ? <Button onClick={onAdd}>{t("add")}</Button> : null}
          >
            {t("emptyText")}
          </EmptyState>
        ) : shown.length === 0 ? (
          <EmptyState icon={IconServer} title={t("nothing", { query: q })} />
        ) : (
          <div {...hold}>
            <InstanceRows instances={shown} selected={selected} onSelect={onSelect} />
          </div>
        )
      }
    </ListView>
  );
}

function idOf(instance: InstanceView): string {
  return instance.id;
}
