import { Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { api, type PolicyView } from "../../lib/api.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { useNamesText } from "../../ui/names-text.ts";
import { notifyDone } from "../../ui/notify.ts";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { EffectBadge } from "./EffectBadge.tsx";
import classes from "./PolicyRow.module.css";
import { policiesQuery } from "./policies-query.ts";
import { usePolicySentences } from "./policy-sentence.ts";

type Props = { policy: PolicyView; nameOf: (userId: string) => string; mayChange: boolean };

export function PolicyRow({ policy: stored, nameOf, mayChange }: Props) {
  const t = useTranslations("policies");
  const sentences = usePolicySentences(nameOf);
  const names = useNamesText();
  const { policy } = stored;
  const unmatched = [...stored.unmatched.environments, ...stored.unmatched.instances];
  const toggle = useToggle(stored);
  return (
    <li className={classes.row} data-disabled={!policy.enabled || undefined}>
      <div className={classes.body}>
        <div className={classes.head}>
          <EffectBadge effect={policy.effect} />
          <Link to="/policies/$policyId" params={{ policyId: stored.id }} className={classes.name}>
            {policy.name}
          </Link>
          {policy.enabled ? null : <Badge tone="grey" label={t("disabled")} />}
        </div>
        <p className={classes.sentence}>{sentences(policy).join(" ")}</p>
        {unmatched.length > 0 ? (
          <Callout tone="orange">{t("list.unmatched", { names: names(unmatched) })}</Callout>
        ) : null}
        {stored.stuck === null ? null : <Callout tone="amber">{stored.stuck.message}</Callout>}
        <p className={classes.changed}>
          {stored.updatedBy
            ? t.rich("list.changed", {
                who: stored.updatedBy.name,
                moment: () => <Moment at={stored.updatedAt} />,
              })
            : t.rich("list.changedItself", { moment: () => <Moment at={stored.updatedAt} /> })}
        </p>
        {toggle.isError ? <ProblemNotice error={toggle.error} /> : null}
      </div>
      {mayChange ? (
        <Switch
          className={classes.switch}
          aria-label={t("list.toggle", { name: policy.name })}
          title={t("list.enabled")}
          checked={toggle.isPending ? toggle.variables : policy.enabled}
          disabled={toggle.isPending}
          onChange={(event) => toggle.mutate(event.currentTarget.checked)}
        />
      ) : null}
    </li>
  );
}

function useToggle({ id, version, policy }: PolicyView) {
  const t = useTranslations("policies.list");
  const client = useQueryClient();
  return useMutation({
    mutationFn: (enabled: boolean) => api.changePolicy(id, version, { ...policy, enabled }),
    onSuccess: (_, enabled) =>
      notifyDone(enabled ? t("nowOn", { name: policy.name }) : t("nowOff", { name: policy.name })),
    onSettled: () => client.invalidateQueries({ queryKey: policiesQuery.queryKey }),
  });
}
