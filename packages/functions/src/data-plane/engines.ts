import type { EngineName } from "@daypass/core/catalog/catalog.view.ts";
import type { Engine } from "@daypass/databases/engine.ts";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";

/** `mysql` stands for MariaDB too: they tell themselves apart at the first word. */
export function engineFor(name: EngineName): Engine {
  switch (name) {
    case "postgres":
      return postgres;
    case "mysql":
      return mysql;
  }
}
