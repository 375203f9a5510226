import { conform } from "./conform.ts";
import { startMariadbUnderTest } from "./mariadb-under-test.ts";

conform("MariaDB", startMariadbUnderTest);
