import { UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import type { MeView } from "../../lib/api.ts";
import { useShortcuts } from "../../lib/use-shortcuts.ts";
import { KeyboardHint } from "../../ui/KeyboardHint.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { LiveEnvironments } from "./LiveEnvironments.tsx";
import classes from "./TopBar.module.css";
import { UserMenu } from "./UserMenu.tsx";

const Palette = lazy(() => import("./Palette.tsx").then((module) => ({ default: module.Palette })));

export function TopBar({ me }: { me: MeView }) {
  const t = useTranslations("shell");
  const [opened, setOpened] = useState<"never" | "open" | "closed">("never");
  useShortcuts({ "mod+k": () => setOpened((was) => (was === "open" ? "closed" : "open")) });
  return (
    <header className={classes.bar}>
      <Link to="/" className={classes.brand} aria-label={t("product")}>
        <Logo size={24} />
        <span className="not-phone">{t("product")}</span>
      </Link>
      <UnstyledButton className={classes.search} onClick={() => setOpened("open")}>
        <IconSearch size={15} aria-hidden />
        <span className={classes.searchLabel}>{t("palette.open")}</span>
        <KeyboardHint keys="mod+K" />
      </UnstyledButton>
      <div className={classes.right}>
        <LiveEnvironments />
        <UserMenu me={me} />
      </div>
      {opened === "never" ? null : (
        <Suspense fallback={null}>
          <Palette me={me} opened={opened === "open"} onClose={() => setOpened("closed")} />
        </Suspense>
      )}
    </header>
  );
}
