import type { TokenScope } from "@daypass/core/kernel/permission.ts";
import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { api, type NewTokenView } from "../../lib/api.ts";
import { CountField } from "../../ui/CountField.tsx";
import { Panel } from "../../ui/Page.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { tokensQuery } from "./settings-queries.ts";
import classes from "./TokenForm.module.css";

const scopes = ["read", "request", "review", "credential", "administer"] as const satisfies TokenScope[];
const presets = [7, 30, 90, 365];

type Props = { onMade: (token: NewTokenView) => void; onCancel: () => void };

/** Name, scopes and expiry; read alone is chosen to begin with. */
export function TokenForm({ onMade, onCancel }: Props) {
  const t = useTranslations("settings.tokens");
  const tUi = useTranslations("ui");
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly TokenScope[]>(["read"]);
  const [days, setDays] = useState<number | null>(30);
  const [isCustom, setCustom] = useState(false);
  const [tried, setTried] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      api.createToken({ name: name.trim(), scopes: [...chosen], expiresInDays: Number(days) }),
    onSuccess: onMade,
    // The answer holds a secret: it is not to be kept once this form is gone.
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  const goodDays = days !== null && days >= 1 && days <= 365;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() !== "" && chosen.length > 0 && goodDays) make.mutate();
  };
  return (
    <div className={classes.frame}>
      <Panel>
        <form className={classes.form} onSubmit={submit} noValidate>
          <TextInput
            label={t("name")}
            description={t("nameHelp")}
            required
            maxLength={100}
            value={name}
            error={tried && name.trim() === "" ? t("needName") : null}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <fieldset className={classes.scopes}>
            <legend>{t("scopes")}</legend>
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                label={t(`scope.${scope}`)}
                description={t(`scopeHelp.${scope}`)}
                checked={chosen.includes(scope)}
                onChange={(event) =>
                  setChosen(
                    scopes.filter((each) =>
                      each === scope ? event.currentTarget.checked : chosen.includes(each),
                    ),
                  )
                }
              />
            ))}
            {tried && chosen.length === 0 ? <p className={classes.error}>{t("needScope")}</p> : null}
          </fieldset>
          <div className={classes.expiry}>
            <NativeSelect
              label={t("expires")}
              value={isCustom ? "custom" : String(days)}
              data={[
                ...presets.map((count) => ({ value: String(count), label: t("expiresIn", { count }) })),
                { value: "custom", label: t("custom") },
              ]}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setCustom(value === "custom");
                if (value !== "custom") setDays(Number(value));
              }}
            />
            {isCustom ? (
              <CountField
                label={t("days")}
                maxLength={3}
                value={days}
                error={goodDays ? null : t("needDays")}
                onChange={setDays}
              />
            ) : null}
          </div>
          {make.isError ? <ProblemNotice error={make.error} /> : null}
          <div className={classes.buttons}>
            <Button type="submit" loading={make.isPending}>
              {t("create")}
            </Button>
            <Button variant="default" onClick={onCancel}>
              {tUi("cancel")}
            </Button>
          </div>
        </form>
      </Panel>
    </div>
  );
}
