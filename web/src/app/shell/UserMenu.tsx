import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
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

export function UserMenu({ me }: { me: MeView }) {
  const t = useTranslations("shell");
  const tWords = useTranslations("words.role");
  const tProblem = useTranslations("problems");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSuccess: ({ endSessionUrl }) => window.location.assign(endSessionUrl ?? "/sign-in"),
    onError: (error) => notifyBad(error.message || tProblem("network")),
  });
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={t("userMenu", { name: me.user.name })}>
          <Avatar name={me.user.name} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <div className={classes.name}>{me.user.name}</div>
          <div className={classes.mail}>{me.user.email}</div>
          <div className={classes.mail}>{me.roles.map((role) => tWords(role)).join(" · ")}</div>
        </div>
        <Menu.Divider />
        {navigationFor(me)
          .filter((entry) => !entry.phone)
          .map((entry) => (
            <Menu.Item
              key={entry.key}
              className="only-phone"
              component={Link}
              to={entry.to}
              leftSection={<entry.icon size={16} aria-hidden />}
            >
              {t(entry.key)}
            </Menu.Item>
          ))}
        <Menu.Label>{t("colourScheme")}</Menu.Label>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme.value}
            leftSection={<scheme.icon size={16} aria-hidden />}
            rightSection={colorScheme === scheme.value ? <IconCheck size={15} aria-hidden /> : null}
            aria-current={colorScheme === scheme.value}
            closeMenuOnClick={false}
            onClick={() => setColorScheme(scheme.value)}
          >
            {t(scheme.value)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          disabled={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
