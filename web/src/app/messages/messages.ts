import type { en } from "./en/index.ts";

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

/** What another language's catalogue must have: the same keys, with the same ICU arguments in each text. */
export type Messages = Texts<typeof en>;

declare module "use-intl" {
  interface AppConfig {
    Messages: typeof en;
  }
}
