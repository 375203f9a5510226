import { useTranslations } from "use-intl";
import { Panel, Section } from "../../ui/Page.tsx";
import classes from "./Promises.module.css";

const promises = ["login", "session", "drop", "said", "early"] as const;

/** What the product promises for every account, so that the lists above can be held against it. */
export function Promises() {
  const t = useTranslations("settings.guarantee");
  return (
    <Section title={t("promise")}>
      <Panel>
        <dl className={classes.promises}>
          {promises.map((name) => (
            <div key={name}>
              <dt>{t(`promises.${name}`)}</dt>
              <dd>{t(`promises.${name}Text`)}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <p className={classes.more}>{t("promiseMore")}</p>
    </Section>
  );
}
