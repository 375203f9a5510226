import type { en } from "./en/index.ts";
import type { settings } from "./en/settings/index.ts";

type English = typeof en & { readonly settings: typeof settings };

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

/** What another language's catalogue must have: the same keys, with the same ICU arguments in each text. */
export type Messages = Texts<English>;

declare module "use-intl" {
  interface AppConfig {
    Messages: English;
  }
}
