import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { api, type InstanceView } from "../../lib/api.ts";
import { Problem } from "../../lib/problem.ts";
import { Callout } from "../../ui/Callout.tsx";
import { notifyDone } from "../../ui/notify.ts";
import type { Pick } from "../../ui/PickList.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { TagField } from "../../ui/TagField.tsx";
import classes from "./InstanceForm.module.css";
import {
  type BoundField,
  boundFields,
  draftOf,
  type InstanceDraft,
  inputOf,
  mistakesOf,
  newDraft,
} from "./instance-draft.ts";
import { SecretHelp } from "./SecretHelp.tsx";
import { environmentsQuery, instanceQuery, networksQuery } from "./settings-queries.ts";

type Props = {
  /** null: a new one. */
  stored: InstanceView | null;
  onSaved: (instance: InstanceView) => void;
  onCancel?: () => void;
};

/** Three steps on one page: what and where, the administrator's secret, what is offered. */
export function InstanceForm({ stored, onSaved, onCancel }: Props) {
  const t = useTranslations("settings");
  const tUi = useTranslations("ui");
  const environments = useQuery(environmentsQuery).data?.items;
  const networks = useQuery(networksQuery).data?.items;
  // What was opened is what is saved over, however often the stored one is read anew meanwhile.
  const [opened, setOpened] = useState(stored);
  const [edited, setEdited] = useState<InstanceDraft>(opened ? draftOf(opened) : newDraft);
  const [tried, setTried] = useState(false);
  const [onlyNetwork, ...others] = networks ?? [];
  const draft =
    edited.networkId === "" && onlyNetwork && others.length === 0
      ? { ...edited, networkId: onlyNetwork.id }
      : edited;
  const save = useSave(opened, onSaved, setOpened);
  const wrong = useMistakes(draft, tried);
  const set = (change: Partial<InstanceDraft>) => setEdited({ ...draft, ...change });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (mistakesOf(draft).length === 0) save.mutate(draft);
    else focusFirstMistake(event.currentTarget);
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <h3 className={classes.step}>{t("form.where")}</h3>
      <TextInput
        label={t("form.name")}
        description={t("form.nameHelp")}
        required
        maxLength={60}
        value={draft.name}
        error={wrong("name")}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      {environments?.length === 0 ? (
        <Callout tone="amber" title={t("form.noEnvironments")}>
          <Link to="/settings/$section" params={{ section: "environments" }} search={{ add: true }}>
            {t("form.makeEnvironment")}
          </Link>
        </Callout>
      ) : null}
      <div className={classes.pair}>
        <NativeSelect
          label={t("form.engine")}
          value={draft.engine}
          data={[
            { value: "postgres", label: "PostgreSQL" },
            { value: "mysql", label: "MySQL / MariaDB" },
          ]}
          onChange={(event) => set({ engine: event.currentTarget.value === "mysql" ? "mysql" : "postgres" })}
        />
        <NativeSelect
          label={t("form.environment")}
          required
          value={draft.environmentId}
          error={wrong("environmentId")}
          data={[
            { value: "", label: "" },
            ...(environments ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) => set({ environmentId: event.currentTarget.value })}
        />
      </div>
      <NativeSelect
        label={t("form.network")}
        description={t("form.networkHelp")}
        required
        value={draft.networkId}
        error={wrong("networkId")}
        data={[
          { value: "", label: "" },
          ...(networks ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(event) => set({ networkId: event.currentTarget.value })}
      />
      <h3 className={classes.step}>{t("form.secretStep")}</h3>
      <TextInput
        label={t("form.secret")}
        description={t("form.secretHelp")}
        required
        spellCheck={false}
        autoCapitalize="off"
        placeholder="shop/production/administrator"
        value={draft.secretName}
        error={wrong("secretName")}
        onChange={(event) => set({ secretName: event.currentTarget.value })}
      />
      <TextInput
        label={t("form.address")}
        description={t("form.addressHelp")}
        spellCheck={false}
        autoCapitalize="off"
        placeholder="shop.cluster-abc123.eu-west-1.rds.amazonaws.com:5432"
        value={draft.address}
        error={wrong("address")}
        onChange={(event) => set({ address: event.currentTarget.value })}
      />
      <SecretHelp engine={draft.engine} />
      <h3 className={classes.step}>{t("form.offer")}</h3>
      <TagField
        free
        picks={noPicks}
        label={t("form.patterns")}
        description={t("form.patternsHelp")}
        value={draft.databasePatterns}
        onChange={(databasePatterns) => set({ databasePatterns })}
      />
      <TagField
        free
        picks={noPicks}
        label={t("form.labels")}
        description={t("form.labelsHelp")}
        value={draft.labels}
        error={wrong("labels")}
        onChange={(labels) => set({ labels })}
      />
      <NativeSelect
        label={t("form.tls")}
        value={draft.tls}
        data={tlsModes.map((value) => ({ value, label: t(`instances.tls.${value}`) }))}
        onChange={(event) =>
          set({ tls: tlsModes.find((mode) => mode === event.currentTarget.value) ?? "verify" })
        }
      />
      <h3 className={classes.step}>{t("form.bounds")}</h3>
      <p className={classes.help}>
        {opened?.connections ? t("form.boundsOf", textsOf(opened.connections)) : t("form.boundsUnknown")}
      </p>
      {boundFields.map((field) => (
        <TextInput
          key={field}
          inputMode="numeric"
          label={t(`form.${field}`)}
          description={t(`form.${field}Help`)}
          value={draft.bounds[field]}
          error={wrong(field)}
          onChange={(event) => set({ bounds: { ...draft.bounds, [field]: event.currentTarget.value } })}
        />
      ))}
      {save.isOvertaken ? (
        <Callout tone="amber">{t("changed")}</Callout>
      ) : save.isError ? (
        <ProblemNotice error={save.error} />
      ) : null}
      <div className={classes.buttons}>
        <Button type="submit" loading={save.isPending}>
          {opened === null ? t("form.create") : t("form.save")}
        </Button>
        {onCancel ? (
          <Button variant="default" onClick={onCancel}>
            {tUi("cancel")}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

/** Once the mistakes are drawn. */
function focusFirstMistake(form: HTMLFormElement): void {
  setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 0);
}

function textsOf({ max, reserved, lendable }: NonNullable<InstanceView["connections"]>) {
  return { max: String(max), reserved: String(reserved), lendable: String(lendable) };
}

const noPicks: Pick[] = [];
const tlsModes = ["verify", "require", "disable"] as const;

/** What is wrong with a field; an empty one is not reproached before saving was tried. */
function useMistakes(draft: InstanceDraft, tried: boolean) {
  const t = useTranslations("settings.form");
  const mistakes = mistakesOf(draft).filter(({ key }) => tried || key !== "required");
  return (field: keyof InstanceDraft | BoundField) => {
    const mistake = mistakes.find((each) => each.field === field);
    if (mistake === undefined) return null;
    if (mistake.key === "labelBad") return t("labelBad", { label: mistake.label });
    if (mistake.key === "boundBad")
      return t("boundBad", { least: String(mistake.least), most: String(mistake.most) });
    return t(mistake.key);
  };
}

/** Saves over the version that was opened. A new instance is tested at once. */
function useSave(
  opened: InstanceView | null,
  onSaved: (instance: InstanceView) => void,
  onNewest: (instance: InstanceView) => void,
) {
  const t = useTranslations("settings.form");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (draft: InstanceDraft) =>
      opened === null
        ? api.createInstance(inputOf(draft))
        : api.changeInstance(opened.id, { ...inputOf(draft), version: opened.version }),
    onSuccess: async (saved) => {
      // It is registered even if the test cannot be started; the panel then says so and offers to start it.
      const shown = opened === null ? await api.inspectInstance(saved.id).catch(() => saved) : saved;
      client.setQueryData(instanceQuery(saved.id).queryKey, shown);
      notifyDone(opened === null ? t("created", { name: saved.name }) : t("saved", { name: saved.name }));
      onSaved(saved);
    },
    onError: async (error) => {
      if (opened === null || !isOvertaken(error)) return;
      onNewest(await client.fetchQuery({ ...instanceQuery(opened.id), staleTime: 0 }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["instances"] }),
  });
  return { ...save, isOvertaken: isOvertaken(save.error) };
}

function isOvertaken(error: unknown): boolean {
  return error instanceof Problem && error.code === "instance.changed";
}
