import { UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { api, type MeView } from "../../lib/api.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { notifyBad } from "../../ui/notify.ts";
import { navigationFor } from "./navigation.ts";
import classes from "./UserMenu.module.css";

const schemes = [
  { value: "light", icon: IconSun },
  { value: "dark", icon: IconMoon },
  { value: "auto", icon: IconDeviceDesktop },
] as const;

/** Who is signed in, the appearance, signing out; on a phone also the pages that the bottom bar has no room for. */
export function UserMenu({ me }: { me: MeView }) {
  const t = useTranslations("shell");
  const tWords = useTranslations("words.role");
  const tProblem = useTranslations("problems");
  const panel = useRef<HTMLDivElement>(null);
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSuccess: ({ endSessionUrl }) => window.location.assign(endSessionUrl ?? "/sign-in"),
    onError: (error) => notifyBad(error.message || tProblem("network")),
  });
  return (
    <>
      {/* The browser's own popover: closes by Escape and by a click elsewhere, and gives the focus back. */}
      <UnstyledButton
        className={classes.button}
        popoverTarget="user-menu"
        aria-label={t("userMenu", { name: me.user.name })}
      >
        <Avatar name={me.user.name} />
      </UnstyledButton>
      <div id="user-menu" popover="auto" className={classes.panel} ref={panel}>
        <div className={classes.who}>
          <div className={classes.name}>{me.user.name}</div>
          <div className={classes.mail}>{me.user.email}</div>
          <div className={classes.mail}>{me.roles.map((role) => tWords(role)).join(" · ")}</div>
          {me.groupsUnknown ? (
            <p className={classes.unknown} role="note">
              {t("groupsUnknown")}
            </p>
          ) : null}
        </div>
        <div className={`${classes.group} only-phone`}>
          {navigationFor(me)
            .filter((entry) => !entry.phone)
            .map((entry) => (
              <Link
                key={entry.key}
                to={entry.to}
                className={classes.item}
                onClick={() => panel.current?.hidePopover()}
              >
                <entry.icon size={16} aria-hidden /> {t(entry.key)}
              </Link>
            ))}
        </div>
        <div className={classes.group}>
          <div className={classes.label} id="appearance">
            {t("colourScheme")}
          </div>
          {schemes.map((scheme) => (
            <UnstyledButton
              key={scheme.value}
              className={classes.item}
              aria-pressed={colorScheme === scheme.value}
              aria-describedby="appearance"
              onClick={() => setColorScheme(scheme.value)}
            >
              <scheme.icon size={16} aria-hidden />
              <span className={classes.grow}>{t(scheme.value)}</span>
              {colorScheme === scheme.value ? <IconCheck size={15} aria-hidden /> : null}
            </UnstyledButton>
          ))}
        </div>
        <div className={classes.group}>
          <UnstyledButton
            className={classes.item}
            disabled={signOut.isPending}
            onClick={() => signOut.mutate()}
          >
            <IconLogout size={16} aria-hidden /> {t("signOut")}
          </UnstyledButton>
        </div>
      </div>
    </>
  );
}
