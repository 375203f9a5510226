import { ActionIcon, Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { copyText } from "../lib/copy-text.ts";
import { notifyBad } from "./notify.ts";

type Props = { text: string; what: string; withLabel?: boolean };

/** Copies and says so in its own place; `what` names it for screen readers ("Copy password"). */
export function CopyButton({ text, what, withLabel = false }: Props) {
  const t = useTranslations("ui");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    if (await copyText(text)) setCopied(true);
    else notifyBad(t("copyRefused"));
  };
  const icon = copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />;
  const announced = <output className="visually-hidden">{copied ? t("copied") : ""}</output>;
  if (withLabel) {
    return (
      <>
        <Button
          size="xs"
          variant="default"
          leftSection={icon}
          onClick={() => void copy()}
          aria-label={t("copyWhat", { what })}
        >
          {copied ? t("copied") : what}
        </Button>
        {announced}
      </>
    );
  }
  return (
    <>
      <ActionIcon
        title={t("copyWhat", { what })}
        variant="subtle"
        color="gray"
        aria-label={t("copyWhat", { what })}
        onClick={() => void copy()}
      >
        {icon}
      </ActionIcon>

      {announced}
    </>
  );
}
