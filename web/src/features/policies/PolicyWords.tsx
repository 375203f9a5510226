import type { PolicyDocument } from "@daypass/core/policy/policy.ts";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useNameOf } from "../../lib/people.ts";
import { checkPolicy } from "./check-policy.ts";
import { EffectBadge } from "./EffectBadge.tsx";
import classes from "./PolicyWords.module.css";
import { usePolicySentences } from "./policy-sentence.ts";
import { numberAt, textsAt, valueAt } from "./policy-value.ts";
import type { Draft } from "./use-draft.ts";

/** What the policy means in plain sentences, while it is being written. */
export function PolicyWords({ draft: { value } }: { draft: Draft }) {
  const t = useTranslations("policies.editor");
  const sentences = usePolicySentences(useNameOf(true));
  const current = sayable(value);
  // While a mistake stands in it, the last that made sense stays, so that nothing jumps under the writer's hands.
  const [last, setLast] = useState(current);
  if (current !== null && JSON.stringify(current) !== JSON.stringify(last)) setLast(current);
  const policy = current ?? last;
  return (
    <section className={classes.words} data-stale={current === null || undefined} aria-label={t("means")}>
      <div className={classes.head}>
        <h2 className={classes.title}>{t("means")}</h2>
        {policy ? <EffectBadge effect={policy.effect} /> : null}
      </div>
      <ul>
        {(policy ? sentences(policy) : ["…"]).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

const tolerated = new Set(["name", "description", "who", "approval", "may.levels"]);

/** A draft that lacks no more than names and people can be told already; with other mistakes it cannot. */
function sayable(value: unknown): PolicyDocument | null {
  const isFatal = ({ path }: { path: string }) =>
    ![...tolerated].some((each) => path === each || path.startsWith(`${each}.`));
  if (checkPolicy(value).some(isFatal)) return null;
  const root = value as PolicyDocument;
  const approval = valueAt(value, ["approval"]);
  return {
    ...root,
    who: {
      everyone: valueAt(value, ["who", "everyone"]) === true,
      users: textsAt(value, ["who", "users"]),
      groups: textsAt(value, ["who", "groups"]),
    },
    for: root.for ?? {},
    approval: Array.isArray(approval)
      ? approval.map((step: unknown) => ({
          count: numberAt(step, ["count"]) ?? 1,
          users: textsAt(step, ["users"]),
          groups: textsAt(step, ["groups"]),
        }))
      : [],
  } as PolicyDocument;
}
