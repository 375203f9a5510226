import { Link } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense } from "react";
import { useTranslations } from "use-intl";
import { useMe } from "../../lib/roles.ts";
import { NotAllowed } from "../../ui/NotAllowed.tsx";
import { Page } from "../../ui/Page.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { TabLinks } from "../../ui/TabLinks.tsx";
import { type SettingsSection, sectionsFor } from "./sections.ts";

// Each part is loaded when it is opened.
const parts: Record<SettingsSection, ComponentType<SectionProps>> = {
  instances: lazy(async () => ({ default: (await import("./InstancesSection.tsx")).InstancesSection })),
  environments: lazy(async () => ({
    default: (await import("./EnvironmentsSection.tsx")).EnvironmentsSection,
  })),
  people: lazy(async () => ({ default: (await import("./PeopleSection.tsx")).PeopleSection })),
  tokens: lazy(async () => ({ default: (await import("./TokensSection.tsx")).TokensSection })),
  guarantee: lazy(async () => ({ default: (await import("./GuaranteeSection.tsx")).GuaranteeSection })),
  reconciliation: lazy(async () => ({
    default: (await import("./ReconciliationSection.tsx")).ReconciliationSection,
  })),
};

/** What of a section is in the address besides its name. */
export type SettingsSearch = { q?: string; instance?: string; edit?: true; add?: true; person?: string };
export type SectionProps = { search: SettingsSearch; onSearch: (search: SettingsSearch) => void };

type Props = SectionProps & { section: SettingsSection };

/** The parts of the settings, each with an address of its own; what a role may not use is not there. */
export function SettingsPage({ section, ...rest }: Props) {
  const t = useTranslations("settings");
  const { seesAll } = useMe();
  const offered = sectionsFor(seesAll);
  const Part = parts[section];
  return (
    <Page title={t("title")} width="wide">
      <TabLinks label={t("sections.label")}>
        {offered.map((each) => (
          <Link
            key={each}
            to="/settings/$section"
            params={{ section: each }}
            activeOptions={{ includeSearch: false }}
          >
            {t(`sections.${each}`)}
          </Link>
        ))}
      </TabLinks>
      {offered.includes(section) ? (
        <Suspense fallback={<RowsSkeleton rows={5} height={64} />}>
          <Part {...rest} />
        </Suspense>
      ) : (
        <NotAllowed what={t(`sections.${section}`)} who={t("notAllowed.who")} />
      )}
    </Page>
  );
}
