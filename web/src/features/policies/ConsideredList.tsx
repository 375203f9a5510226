import {
  type Icon,
  IconAlertTriangle,
  IconCheck,
  IconCircleCheck,
  IconHandStop,
  IconMinus,
  IconShieldOff,
} from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { ExplanationView } from "../../lib/api.ts";
import { Badge, type Tone } from "../../ui/Badge.tsx";
import { Panel } from "../../ui/Page.tsx";
import classes from "./ConsideredList.module.css";
import { PolicyName } from "./PolicyName.tsx";
import type { ReasonView } from "./reason-text.ts";

type Considered = ExplanationView["considered"][number];

const looks: Record<Considered["verdict"], { tone: Tone; icon: Icon }> = {
  denies: { tone: "red", icon: IconHandStop },
  decides: { tone: "green", icon: IconCircleCheck },
  limits: { tone: "amber", icon: IconAlertTriangle },
  overruled: { tone: "grey", icon: IconShieldOff },
  "also-allows": { tone: "plain", icon: IconCheck },
  "no-match": { tone: "grey", icon: IconMinus },
};
const order = Object.keys(looks);

/** Each policy with what became of it; those that had a say come first. */
export function ConsideredList({
  considered,
  reasonText,
}: {
  considered: Considered[];
  reasonText: (reason: ReasonView) => string;
}) {
  const t = useTranslations("policies");
  if (considered.length === 0) return <p className={classes.none}>{t("simulator.consideredNone")}</p>;
  const sorted = considered.toSorted(
    (one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict),
  );
  return (
    <Panel padded={false}>
      <ul className={classes.rows}>
        {sorted.map((policy) => (
          <li
            key={policy.policyId}
            className={classes.row}
            data-miss={policy.verdict === "no-match" || undefined}
          >
            <span className={classes.verdict}>
              <Badge {...looks[policy.verdict]} label={t(`verdict.${policy.verdict}`)} />
            </span>
            <span className={classes.name}>
              <PolicyName id={policy.policyId} name={policy.policyName} />
            </span>
            <span className={classes.reason}>{reasonText(policy.reason)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
