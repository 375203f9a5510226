import { accountsQuery, type Dialect, type Killing } from "./dialect.ts";
import { mayBeLent } from "./look.ts";
import { registerName } from "./names.ts";
import { literal, qualified, sql } from "./quote.ts";
import { nowMs } from "./register.ts";
import { threads } from "./sight.ts";

/** Raised whenever the event's text changes: an older one is replaced by the next mint. */
const edition = 5;

const everySeconds = 5;
/** How long an account that we denied login, or one at its end on MariaDB, stays locked: so long we may do it better. */
const graceMs = 60_000;
/**
 * On MySQL an account at its end is dropped at once, and its sessions are ended after that: to end one that just changes
 * its password may stop the server (see sessions.ts), and whose account is dropped changes nothing any more.
 */
const graceAtEndMs = { mariadb: graceMs, mysql: 0 } as const;

export function reaperName(stack: string): string {
  return qualified(registerName(stack), "reaper");
}

export function reaperComment(dialect: Dialect, stack: string, killing: Killing): string {
  return `daypass stack=${stack} reaper=${edition} ${dialect.flavour} kill=${killing}`;
}

/**
 * The dead-man switch: an event of the server itself, which every few seconds locks the accounts whose time is over,
 * ends their sessions, and drops them: a minute later on MariaDB, before on MySQL. It needs nothing of ours but the register, and goes on after a
 * restart of the server, where an event for one moment would have been lost.
 *
 * It counts an account as gone only when it sees that no session of it is left, and looks for sessions of those that are
 * gone as long as it knows their names. It touches only accounts that carry their mark, and gives way to whoever holds an account's row just now. Names go
 * into statements through QUOTE(), under the sql_mode that the event was made with.
 */
export function reaperStatement(
  verb: "CREATE EVENT IF NOT EXISTS" | "ALTER EVENT",
  dialect: Dialect,
  stack: string,
  killing: Killing,
): string {
  const register = qualified(registerName(stack), "account");
  const server = qualified(registerName(stack), "server");
  return sql`${verb} ${reaperName(stack)} ON SCHEDULE EVERY ${String(everySeconds)} SECOND ON COMPLETION PRESERVE ENABLE
COMMENT ${literal(reaperComment(dialect, stack, killing))} DO
reap: BEGIN
  DECLARE v_now BIGINT DEFAULT ${nowMs};
  DECLARE v_done BOOLEAN DEFAULT FALSE;
  DECLARE v_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_mark VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_drops BIGINT;
  DECLARE v_due CURSOR FOR SELECT name, mark, ends_at_ms + IF(state = 'closed', ${String(graceMs)}, ${String(graceAtEndMs[dialect.flavour])}) FROM ${register}
    WHERE dropped_at_ms IS NULL AND ends_at_ms <= v_now ORDER BY changed_at_ms LIMIT 5000;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = TRUE;
  SET SESSION lock_wait_timeout = 3, SESSION innodb_lock_wait_timeout = 3;
  BEGIN
    DECLARE v_errno INT DEFAULT 0;
    DECLARE CONTINUE HANDLER FOR SQLEXCEPTION GET DIAGNOSTICS CONDITION 1 v_errno = MYSQL_ERRNO;
    UPDATE ${server} SET reaping_until_ms = v_now + 60000, reaped_at_ms = v_now WHERE reaping_until_ms <= v_now;
    IF v_errno IN (${lockErrors}) OR (v_errno = 0 AND ROW_COUNT() <> 1) THEN LEAVE reap; END IF;
  END;
  OPEN v_due;
  due: LOOP
    FETCH v_due INTO v_name, v_mark, v_drops;
    IF v_done THEN LEAVE due; END IF;
    BEGIN
      DECLARE v_last BOOLEAN DEFAULT FALSE;
      DECLARE v_error VARCHAR(300);
      DECLARE v_errno INT DEFAULT 0;
      DECLARE v_is_due BOOLEAN DEFAULT FALSE;
      DECLARE v_ours BOOLEAN DEFAULT FALSE;
      DECLARE v_open BIGINT DEFAULT 1;
      DECLARE v_tries INT DEFAULT 0;
      DECLARE v_host VARCHAR(255);
      DECLARE v_hosts CURSOR FOR SELECT found.host FROM (${accountsQuery(dialect)}) AS found WHERE CAST(found.name AS BINARY) = CAST(v_name AS BINARY);
      DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_last = TRUE;
      DECLARE CONTINUE HANDLER FOR SQLEXCEPTION GET DIAGNOSTICS CONDITION 1 v_error = MESSAGE_TEXT, v_errno = MYSQL_ERRNO;
      UPDATE ${register} SET state = IF(state = 'open', 'expired', state), changed_at_ms = v_now
        WHERE name = v_name AND ends_at_ms <= v_now;
      SET v_is_due = ROW_COUNT() = 1;
      IF v_error IS NOT NULL THEN
        SELECT COUNT(*) > 0 INTO v_is_due FROM ${register}
          WHERE name = v_name AND ends_at_ms <= v_now AND v_errno NOT IN (${lockErrors});
      END IF;
      IF v_is_due THEN
        SELECT COUNT(*) > 0 INTO v_ours FROM (${accountsQuery(dialect)}) AS found
          WHERE CAST(found.name AS BINARY) = CAST(v_name AS BINARY) AND CAST(found.mark AS BINARY) = CAST(v_mark AS BINARY);
        IF v_ours THEN
          SET v_last = FALSE;
          OPEN v_hosts;
          hosts: LOOP
            FETCH v_hosts INTO v_host;
            IF v_last THEN LEAVE hosts; END IF;
            ${perform(dialect, killing, "CONCAT('ALTER USER ', QUOTE(v_name), '@', QUOTE(v_host), ' ACCOUNT LOCK')")}
          END LOOP;
          CLOSE v_hosts;
        END IF;
        ${dialect.flavour === "mariadb" ? endSessions(dialect, killing) : ""}
        IF v_ours AND v_drops <= v_now THEN
          SET v_last = FALSE;
          OPEN v_hosts;
          hosts: LOOP
            FETCH v_hosts INTO v_host;
            IF v_last THEN LEAVE hosts; END IF;
            ${perform(dialect, killing, "CONCAT('DROP USER IF EXISTS ', QUOTE(v_name), '@', QUOTE(v_host))")}
          END LOOP;
          CLOSE v_hosts;
        END IF;
        IF v_drops <= v_now THEN
          ${endSessions(dialect, killing)}
        END IF;
        ${count(dialect)}
        UPDATE ${register} SET error = v_error, dropped_at_ms = IF(v_open = 0 AND v_drops <= v_now
            AND NOT EXISTS (SELECT 1 FROM (${accountsQuery(dialect)}) AS found WHERE CAST(found.name AS BINARY) = CAST(v_name AS BINARY)), v_now, NULL)
          WHERE name = v_name AND ends_at_ms <= v_now;
      END IF;
    END;
  END LOOP;
  CLOSE v_due;
  BEGIN
    DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET v_done = TRUE;
    DELETE FROM ${register} WHERE dropped_at_ms < v_now - 7776000000 LIMIT 1000;
    UPDATE ${server} SET reaping_until_ms = 0;
  END;
  ${endLate(dialect, killing, register)}
END`;
}

/**
 * A server prepares only so many statements for everybody together, which an account can use up (1461). MariaDB does not
 * count those that it executes at once. MySQL counts all: there the account's sessions, and with them their statements,
 * are ended first, and then it is tried again.
 */
function perform(dialect: Dialect, killing: Killing, expression: string): string {
  if (dialect.flavour === "mariadb") return sql`EXECUTE IMMEDIATE ${expression};`;
  return sql`SET @daypass_statement = ${expression};
            BEGIN
              DECLARE v_full BOOLEAN DEFAULT TRUE;
              DECLARE CONTINUE HANDLER FOR 1461 SET v_full = TRUE;
              prepares: LOOP
                SET v_full = FALSE;
                PREPARE daypass_statement FROM @daypass_statement;
                IF NOT v_full OR v_tries = ${String(mostTries)} THEN LEAVE prepares; END IF;
                SET v_tries = v_tries + 1;
                ${endSessions(dialect, killing)}
                DO SLEEP(0.05);
              END LOOP;
              IF v_full THEN SET v_error = 'the server has no prepared statement left';
              ELSE
                EXECUTE daypass_statement;
                DEALLOCATE PREPARE daypass_statement;
              END IF;
            END;`;
}

/** In all for one account and run, so that others have their turn. */
const mostTries = 20;

/** Somebody holds the row just now. Any other error, as of a full disk, must not keep an account from its end. */
const lockErrors = "1205, 1213, 1969, 3024";

const processes = "information_schema.PROCESSLIST AS p";
const ownThread = "CAST(PROCESSLIST_USER AS BINARY) = CAST(v_name AS BINARY)";
const ownProcess = "CAST(USER AS BINARY) = CAST(v_name AS BINARY)";

/**
 * By the true user where the performance schema is on, by the present one on MariaDB, where the list does not hang. Where
 * it is off there, a change of user that takes seconds is ended whoever it claims to become.
 */
function endSessions({ flavour }: Dialect, killing: Killing): string {
  const told = "GET DIAGNOSTICS CONDITION 1 v_error = MESSAGE_TEXT";
  const byTrueUser = ifShown(
    end(flavour, killing, `PROCESSLIST_ID FROM ${threads} WHERE ${ownThread}`, told),
  );
  if (flavour === "mysql") return byTrueUser;
  const stalled = "@@performance_schema = 0 AND COMMAND = 'Change user' AND TIME >= 3";
  return sql`${end(flavour, killing, `ID FROM ${processes} WHERE ${ownProcess} OR (${stalled})`, told)}
        ${byTrueUser}`;
}

/** How many sessions are left, or may be. Stays at one where they are not seen. */
function count({ flavour }: Dialect): string {
  const shown = ifShown(sql`SELECT COUNT(*) INTO v_open FROM ${threads} WHERE ${ownThread};`);
  if (flavour === "mysql") return shown;
  return sql`${shown}
        IF @@performance_schema = 0 THEN
          SELECT COUNT(*) INTO v_open FROM ${processes} WHERE ${ownProcess} OR COMMAND = 'Change user' OR ${mayBeLent};
        END IF;`;
}

/** A login or a change of user that was under way when its account was dropped, or code of a definer that has returned. */
function endLate({ flavour }: Dialect, killing: Killing, register: string): string {
  const isOver = (user: string) =>
    sql`EXISTS (SELECT 1 FROM ${register} AS entry WHERE entry.name = CONVERT(${user} USING ascii) COLLATE ascii_bin
    AND CAST(entry.name AS BINARY) = CAST(${user} AS BINARY) AND entry.dropped_at_ms IS NOT NULL)`;
  // What else fails is for the server's own log: all the rest is done.
  const byTrueUser = ifShown(
    end(flavour, killing, `PROCESSLIST_ID FROM ${threads} WHERE ${isOver("PROCESSLIST_USER")}`, undefined),
  );
  if (flavour === "mysql") return byTrueUser;
  return sql`${end(flavour, killing, `ID FROM ${processes} WHERE ${isOver("USER")}`, undefined)}
  ${byTrueUser}`;
}

function ifShown(statements: string): string {
  return sql`IF @@performance_schema = 1 THEN
          ${statements}
        END IF;`;
}

/** One after the other. One that is gone meanwhile (1094) is what we want. */
function end(
  flavour: Dialect["flavour"],
  killing: Killing,
  which: string,
  onError: string | undefined,
): string {
  const direct = flavour === "mariadb" ? "KILL HARD CONNECTION v_id;" : "KILL CONNECTION v_id;";
  return sql`BEGIN
          DECLARE v_id BIGINT;
          DECLARE v_none BOOLEAN DEFAULT FALSE;
          DECLARE v_sessions CURSOR FOR SELECT ${which};
          DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_none = TRUE;
          DECLARE CONTINUE HANDLER FOR 1094 SET v_id = NULL;
          ${onError === undefined ? "" : sql`DECLARE CONTINUE HANDLER FOR SQLEXCEPTION ${onError};`}
          OPEN v_sessions;
          sessions: LOOP
            FETCH v_sessions INTO v_id;
            IF v_none THEN LEAVE sessions; END IF;
            ${killing === "rds" ? "CALL mysql.rds_kill(v_id);" : direct}
          END LOOP;
          CLOSE v_sessions;
        END;`;
}
