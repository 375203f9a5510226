import { Button, Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { api, type EnvironmentView } from "../../lib/api.ts";
import { isProblem } from "../../lib/problem.ts";
import { Callout } from "../../ui/Callout.tsx";
import { CountField } from "../../ui/CountField.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import classes from "./EnvironmentForm.module.css";
import { environmentsQuery } from "./settings-queries.ts";

type Props = { stored: EnvironmentView | null; onDone: () => void };

/** Name, order and protection; loosening the protection says what that opens. */
export function EnvironmentForm({ stored, onDone }: Props) {
  const t = useTranslations("settings");
  const tUi = useTranslations("ui");
  const client = useQueryClient();
  const [opened, setOpened] = useState(stored);
  const [name, setName] = useState(opened?.name ?? "");
  const [rank, setRank] = useState<number | null>(opened?.rank ?? null);
  const [isProtected, setProtected] = useState(opened?.protected ?? false);
  const save = useMutation({
    mutationFn: () => {
      const input = { name: name.trim(), rank: Number(rank), protected: isProtected };
      return opened === null
        ? api.createEnvironment(input)
        : api.changeEnvironment(opened.id, { ...input, version: opened.version });
    },
    onSuccess: (saved) => {
      const text = { name: saved.name };
      notifyDone(opened === null ? t("environments.created", text) : t("environments.saved", text));
      onDone();
    },
    onError: async (error) => {
      if (opened === null || !isProblem(error, "environment.changed")) return;
      const { items } = await client.fetchQuery({ ...environmentsQuery, staleTime: 0 });
      setOpened(items.find((environment) => environment.id === opened.id) ?? opened);
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["databases"] });
      return client.invalidateQueries({ queryKey: environmentsQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <div className={classes.fields}>
        <TextInput
          label={t("environments.name")}
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <CountField
          label={t("environments.rank")}
          description={t("environments.rankHelp")}
          required
          maxLength={7}
          value={rank}
          onChange={setRank}
        />
      </div>
      <Switch
        label={t("environments.protected")}
        description={t("environments.protectedHelp")}
        checked={isProtected}
        onChange={(event) => setProtected(event.currentTarget.checked)}
      />
      {opened?.protected && !isProtected ? (
        <Callout tone="amber">{t("environments.unprotectWarning")}</Callout>
      ) : null}
      {isProblem(save.error, "environment.changed") ? (
        <Callout tone="amber">{t("changed")}</Callout>
      ) : save.isError ? (
        <ProblemNotice error={save.error} />
      ) : null}
      <div className={classes.buttons}>
        <Button
          size="xs"
          type="submit"
          loading={save.isPending}
          disabled={name.trim() === "" || rank === null}
        >
          {opened === null ? t("environments.create") : t("environments.save")}
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          {tUi("cancel")}
        </Button>
      </div>
    </form>
  );
}
