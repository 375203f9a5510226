import type { EngineName } from "@daypass/core/catalog/catalog.view.ts";
import { DomainError } from "@daypass/core/kernel/errors.ts";
import type { Engine } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";

/** @throws DomainError invalid `engine.unsupported`. */
export function engineFor(name: EngineName): Engine {
  switch (name) {
    case "postgres":
      return postgres;
    case "mysql":
      throw new DomainError("invalid", "engine.unsupported", "Daypass cannot lend accounts of MySQL yet.");
  }
}
