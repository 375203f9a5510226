import { type ReactNode, useMemo } from "react";
import { IntlProvider, useLocale, useMessages } from "use-intl";
import { settings } from "./en/settings/index.ts";

/** Adds the texts of the settings to those of the page: a third of all texts, which most visits do not need. */
export function SettingsTexts({ children }: { children: ReactNode }) {
  const others = useMessages();
  const messages = useMemo(() => ({ ...others, settings }), [others]);
  return (
    <IntlProvider locale={useLocale()} messages={messages}>
      {children}
    </IntlProvider>
  );
}
