import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  Spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
  spotlight,
} from "@mantine/spotlight";
import {
  IconArrowRight,
  IconDatabase,
  IconFileText,
  IconMoon,
  IconPlus,
  IconSearch,
  IconSun,
  IconUser,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { api, type MeView } from "../../lib/api.ts";
import { databasesQuery, requestsQuery } from "../../lib/queries.ts";
import { navigationFor } from "./navigation.ts";
import classes from "./Palette.module.css";
import { pathOfId } from "./path-of-id.ts";

type Props = { me: MeView; opened: boolean; onClose: () => void };

/** ⌘K: everything that has an address, and the few things that can be done from anywhere. */
export function Palette({ me, opened, onClose }: Props) {
  const t = useTranslations("shell");
  const [query, setQuery] = useState("");
  useEffect(() => {
    if (opened) spotlight.open();
    else spotlight.close();
  }, [opened]);
  const actions = useActions(me, query);
  return (
    <Spotlight
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight="min(440px, 60dvh)"
      attributes={{ content: { "aria-label": t("palette.open") } }}
      limit={24}
      clearQueryOnClose
      lockScroll={false}
      overlayProps={{ backgroundOpacity: 0.3, blur: 0 }}
      classNames={{
        content: classes.content,
        search: classes.search,
        action: classes.action,
        actionDescription: classes.description,
        actionsGroup: classes.group,
      }}
      filter={(text, all) => all.map((entry) => ("actions" in entry ? matching(entry, text) : entry))}
      nothingFound={t("palette.nothing", { query })}
      searchProps={{
        leftSection: <IconSearch size={17} aria-hidden />,
        placeholder: t("palette.placeholder"),
        "aria-label": t("palette.placeholder"),
      }}
    />
  );
}

/** Databases and people are searched by the server; the rest is searched here. */
function matching(group: SpotlightActionGroupData, text: string): SpotlightActionGroupData {
  const wanted = text.trim().toLowerCase();
  const hits = group.actions.filter((action) =>
    `${action.label ?? ""} ${action.description ?? ""} ${String(action.keywords ?? "")}`
      .toLowerCase()
      .includes(wanted),
  );
  return { ...group, actions: hits };
}

function useActions(me: MeView, query: string): SpotlightActionGroupData[] {
  const t = useTranslations("shell");
  const router = useRouter();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const colorScheme = useComputedColorScheme("light");
  const [q] = useDebouncedValue(query.trim(), 150);
  const databases = useQuery(databasesQuery(q));
  const mine = useQuery(requestsQuery("mine"));
  const toReview = useQuery(requestsQuery("to-review"));
  const mayListPeople = me.roles.some((role) => role !== "member");
  const people = useQuery({
    queryKey: ["users", "palette", q],
    queryFn: ({ signal }) => api.listUsers({ q, limit: 8 }, signal),
    enabled: mayListPeople && q.length > 1,
    placeholderData: keepPreviousData,
  });
  const go = (path: string) => () => router.history.push(path);
  const act = (
    id: string,
    label: string,
    icon: ReactNode,
    run: () => void,
    description = "",
  ): SpotlightActionData => ({
    id,
    label,
    leftSection: icon,
    onClick: run,
    ...(description === "" ? {} : { description }),
  });

  const target = pathOfId(query.trim());
  const requests = [...(toReview.data?.items ?? []), ...(mine.data?.items ?? [])].slice(0, 40);
  const dark = colorScheme === "dark";
  const groups: SpotlightActionGroupData[] = [
    {
      group: t("palette.actions"),
      actions: [
        ...(target === null
          ? []
          : [
              {
                ...act(
                  "id",
                  t("palette.goTo", { id: query.trim() }),
                  <IconArrowRight size={17} />,
                  go(target),
                ),
                keywords: query,
              },
            ]),
        act("ask", t("palette.ask"), <IconPlus size={17} />, go("/request")),
        dark
          ? act("light", t("palette.lightMode"), <IconSun size={17} />, () => setColorScheme("light"))
          : act("dark", t("palette.darkMode"), <IconMoon size={17} />, () => setColorScheme("dark")),
      ],
    },
    {
      group: t("palette.pages"),
      actions: navigationFor(me).map((entry) =>
        act(entry.to, t(entry.key), <entry.icon size={17} />, go(entry.to)),
      ),
    },
    {
      group: t("palette.databases"),
      actions: (databases.data?.items ?? []).slice(0, 8).map((database) => ({
        ...act(
          database.id,
          database.name,
          <IconDatabase size={17} />,
          go(`/databases/${database.id}`),
          `${database.instance.name} · ${database.environment.name}`,
        ),
        keywords: q,
      })),
    },
    {
      group: t("palette.requests"),
      actions: requests.map((request) =>
        act(
          request.id,
          t("palette.requestLine", {
            level: request.level,
            database: request.database.name,
            requester: request.requester.name,
          }),
          <IconFileText size={17} />,
          go(`/requests/${request.id}`),
          request.reason,
        ),
      ),
    },
    {
      group: t("palette.people"),
      actions: (q.length > 1 ? (people.data?.items ?? []) : []).map((person) => ({
        ...act(person.id, person.name, <IconUser size={17} />, go(`/audit?actor=${person.id}`), person.email),
        keywords: q,
      })),
    },
  ];
  return query.trim() === ""
    ? groups.map((group) => ({ ...group, actions: group.actions.slice(0, 7) }))
    : groups;
}
