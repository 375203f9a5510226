import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { IntlProvider } from "use-intl";
import { Toasts } from "../ui/Toasts.tsx";
import { en } from "./messages/en/index.ts";
import { queryClient, router } from "./router.tsx";
import { theme } from "./theme.ts";

const colorSchemeManager = localStorageColorSchemeManager({ key: "daypass-color-scheme" });
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The providers round the router. Mantine makes no style elements here: its variables are set in tokens.css. */
export function App() {
  return (
    <IntlProvider locale="en" messages={en} timeZone={timeZone}>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        colorSchemeManager={colorSchemeManager}
        withCssVariables={false}
        withGlobalClasses={false}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <Toasts />
        </QueryClientProvider>
      </MantineProvider>
    </IntlProvider>
  );
}
