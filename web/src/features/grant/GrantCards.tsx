import type { GrantView } from "../../lib/api.ts";
import type { Held } from "../../lib/use-held-list.ts";
import { Section } from "../../ui/Page.tsx";
import { GrantCard } from "./GrantCard.tsx";
import classes from "./GrantCards.module.css";
import type { GrantPanel } from "./grant-panel.ts";

export type OpenedPanel = { grantId: string; panel: GrantPanel } | null;
type Props = {
  title: string;
  grants: readonly GrantView[];
  hold: Held;
  opened: OpenedPanel;
  onOpen: (opened: OpenedPanel) => void;
};

/** Grants under a heading that is true of all of them; nothing when there are none. */
export function GrantCards({ title, grants, hold, opened, onOpen }: Props) {
  if (grants.length === 0) return null;
  return (
    <Section title={title}>
      <div className={classes.cards} {...hold}>
        {grants.map((grant) => (
          <GrantCard
            key={grant.id}
            grant={grant}
            panel={opened?.grantId === grant.id ? opened.panel : null}
            onPanel={(panel) => onOpen(panel === null ? null : { grantId: grant.id, panel })}
          />
        ))}
      </div>
    </Section>
  );
}
