import { conform } from "./conform.ts";
import { startPostgresUnderTest } from "./postgres-under-test.ts";

conform("PostgreSQL", startPostgresUnderTest);
