import { UnstyledButton } from "@mantine/core";
import { IconUserOff, IconUserSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import type { UserView } from "../../lib/api.ts";
import { useMe } from "../../lib/roles.ts";
import { textParam } from "../../lib/search-params.ts";
import { useHeldList } from "../../lib/use-held-list.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ListView } from "../../ui/ListView.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { NothingHere } from "../../ui/NothingHere.tsx";
import { Panel } from "../../ui/Page.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { SplitView } from "../../ui/SplitView.tsx";
import people from "./PeopleSection.module.css";
import { PersonPanel } from "./PersonPanel.tsx";
import classes from "./Rows.module.css";
import { SectionHead } from "./SectionHead.tsx";
import type { SectionProps } from "./SettingsPage.tsx";
import { usersQuery } from "./settings-queries.ts";

/** Everybody who has signed in, with their groups and roles. */
export function PeopleSection({ search, onSearch }: SectionProps) {
  const t = useTranslations("settings.people");
  const q = search.q ?? "";
  const withQ = q ? { q } : {};
  const query = useInfiniteQuery({ ...usersQuery(q), placeholderData: keepPreviousData });
  const { rows = [], hold } = useHeldList(query.data, idOf);
  const selected = rows.find((person) => person.id === search.person);
  const panel =
    search.person === undefined || query.data === undefined
      ? null
      : {
          key: search.person,
          title: selected?.name ?? t("person"),
          content: selected ? <PersonPanel person={selected} /> : <NothingHere />,
        };
  return (
    <SplitView
      panel={panel}
      onClose={() => onSearch(withQ)}
      list={
        <>
          <SectionHead lead={t("lead")}>
            <SearchField
              label={t("search")}
              value={q}
              onSearch={(text) => onSearch(textParam(text) ? { q: text } : {})}
            />
          </SectionHead>
          <ListView query={query} skeleton={<RowsSkeleton rows={6} height={60} />}>
            {() =>
              rows.length === 0 ? (
                <EmptyState icon={IconUserSearch} title={t("empty")}>
                  {t("emptyText")}
                </EmptyState>
              ) : (
                <Panel padded={false}>
                  <ul className={classes.rows} {...hold}>
                    {rows.map((person) => (
                      <PersonRow
                        key={person.id}
                        person={person}
                        isSelected={person.id === search.person}
                        onSelect={() => onSearch({ ...withQ, person: person.id })}
                      />
                    ))}
                  </ul>
                </Panel>
              )
            }
          </ListView>
        </>
      }
    />
  );
}

type RowProps = { person: UserView; isSelected: boolean; onSelect: () => void };

function PersonRow({ person, isSelected, onSelect }: RowProps) {
  const t = useTranslations("settings.people");
  const tRole = useTranslations("words.role");
  const { me } = useMe();
  return (
    <li className={classes.row} data-selected={isSelected || undefined}>
      <div className={people.row}>
        <Avatar name={person.name} />
        <div className={people.text}>
          <div className={classes.main}>
            <UnstyledButton className={classes.name} aria-expanded={isSelected} onClick={onSelect}>
              {person.name}
            </UnstyledButton>
            {person.id === me.user.id ? <span className={classes.line}>({t("you")})</span> : null}
            {person.roles
              .filter((role) => role !== "member")
              .map((role) => (
                <Badge key={role} tone="plain" label={tRole(role)} />
              ))}
            {person.groupsUnknown === null ? null : <Badge tone="amber" label={t("groupsUnknown")} />}
            {person.suspendedAt === null ? null : (
              <Badge tone="red" icon={IconUserOff} label={t("suspended")} />
            )}
          </div>
          <p className={classes.line}>
            {person.email} · {person.groups.length === 0 ? t("noGroups") : person.groups.join(", ")}
          </p>
        </div>
        <span className={people.seen}>
          {t.rich("seen", { moment: () => <Moment at={person.lastSeenAt} /> })}
        </span>
      </div>
    </li>
  );
}

function idOf(person: UserView): string {
  return person.id;
}
