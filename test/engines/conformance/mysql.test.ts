import { flavourUnderTest } from "../server-of-flavour.ts";
import { conform } from "./conform.ts";
import { startMysqlUnderTest } from "./mysql-under-test.ts";

conform(flavourUnderTest === "mysql" ? "MySQL" : "MariaDB", startMysqlUnderTest);
