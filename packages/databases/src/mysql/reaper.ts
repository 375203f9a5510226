import { accountsQuery, type Dialect, type Killing } from "./dialect.ts";
import { registerName } from "./names.ts";
import { literal, qualified, sql } from "./quote.ts";
import { nowMs } from "./register.ts";

/** Raised whenever the event's text changes: an older one is replaced by the next mint. */
const edition = 3;

const everySeconds = 5;
/** How long an ended account stays locked before the event drops it: so long the broker may do it better. */
const graceMs = 60_000;

export function reaperName(stack: string): string {
  return qualified(registerName(stack), "reaper");
}

export function reaperComment(dialect: Dialect, stack: string, killing: Killing): string {
  return `daypass stack=${stack} reaper=${edition} ${dialect.flavour} kill=${killing}`;
}

/**
 * The dead-man switch: an event of the server itself, which every few seconds locks the accounts whose time is over,
 * ends their sessions, and drops them a minute later. It needs nothing of ours but the register, and goes on after a
 * restart of the server, where an event for one moment would have been lost.
 *
 * It touches only accounts that carry their mark, and gives way to whoever holds an account's row just now. Names go
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
  DECLARE v_ends BIGINT;
  DECLARE v_due CURSOR FOR SELECT name, mark, ends_at_ms FROM ${register}
    WHERE dropped_at_ms IS NULL AND ends_at_ms <= v_now ORDER BY changed_at_ms LIMIT 5000;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = TRUE;
  SET SESSION lock_wait_timeout = 3, SESSION innodb_lock_wait_timeout = 3;
  UPDATE ${server} SET reaping_until_ms = v_now + 60000, reaped_at_ms = v_now WHERE reaping_until_ms <= v_now;
  IF ROW_COUNT() <> 1 THEN LEAVE reap; END IF;
  OPEN v_due;
  due: LOOP
    FETCH v_due INTO v_name, v_mark, v_ends;
    IF v_done THEN LEAVE due; END IF;
    BEGIN
      DECLARE v_last BOOLEAN DEFAULT FALSE;
      DECLARE v_error VARCHAR(300);
      DECLARE v_ours BOOLEAN DEFAULT FALSE;
      DECLARE v_host VARCHAR(255);
      DECLARE v_hosts CURSOR FOR SELECT found.host FROM (${accountsQuery(dialect)}) AS found WHERE CAST(found.name AS BINARY) = CAST(v_name AS BINARY);
      DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_last = TRUE;
      DECLARE CONTINUE HANDLER FOR SQLEXCEPTION GET DIAGNOSTICS CONDITION 1 v_error = MESSAGE_TEXT;
      UPDATE ${register} SET state = IF(state = 'open', 'expired', state), changed_at_ms = v_now
        WHERE name = v_name AND ends_at_ms <= v_now;
      IF ROW_COUNT() = 1 AND v_error IS NULL THEN
        SELECT COUNT(*) > 0 INTO v_ours FROM (${accountsQuery(dialect)}) AS found
          WHERE CAST(found.name AS BINARY) = CAST(v_name AS BINARY) AND CAST(found.mark AS BINARY) = CAST(v_mark AS BINARY);
        IF v_ours THEN
          SET v_last = FALSE;
          OPEN v_hosts;
          hosts: LOOP
            FETCH v_hosts INTO v_host;
            IF v_last THEN LEAVE hosts; END IF;
            ${perform("CONCAT('ALTER USER ', QUOTE(v_name), '@', QUOTE(v_host), ' ACCOUNT LOCK')")}
          END LOOP;
          CLOSE v_hosts;
        END IF;
        ${kill(killing)}
        IF v_ours AND v_ends <= v_now - ${String(graceMs)} THEN
          SET v_last = FALSE;
          OPEN v_hosts;
          hosts: LOOP
            FETCH v_hosts INTO v_host;
            IF v_last THEN LEAVE hosts; END IF;
            ${perform("CONCAT('DROP USER IF EXISTS ', QUOTE(v_name), '@', QUOTE(v_host))")}
          END LOOP;
          CLOSE v_hosts;
          ${kill(killing)}
        END IF;
        UPDATE ${register} SET error = v_error, dropped_at_ms = IF(v_ends <= v_now - ${String(graceMs)}
            AND NOT EXISTS (SELECT 1 FROM (${accountsQuery(dialect)}) AS found WHERE CAST(found.name AS BINARY) = CAST(v_name AS BINARY)), v_now, NULL)
          WHERE name = v_name AND ends_at_ms <= v_now;
      END IF;
    END;
  END LOOP;
  CLOSE v_due;
  DELETE FROM ${register} WHERE dropped_at_ms < v_now - 7776000000 LIMIT 1000;
  UPDATE ${server} SET reaping_until_ms = 0;
END`;
}

function perform(expression: string): string {
  return sql`SET @daypass_statement = ${expression};
            PREPARE daypass_statement FROM @daypass_statement;
            EXECUTE daypass_statement;
            DEALLOCATE PREPARE daypass_statement;`;
}

function kill(killing: Killing): string {
  if (killing === "user") return perform("CONCAT('KILL HARD CONNECTION USER ', QUOTE(v_name))");
  const one = killing === "id" ? "KILL CONNECTION v_id;" : "CALL mysql.rds_kill(v_id);";
  return sql`BEGIN
          DECLARE v_id BIGINT;
          DECLARE v_none BOOLEAN DEFAULT FALSE;
          DECLARE v_sessions CURSOR FOR SELECT ID FROM information_schema.PROCESSLIST WHERE CAST(USER AS BINARY) = CAST(v_name AS BINARY);
          DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_none = TRUE;
          DECLARE CONTINUE HANDLER FOR SQLEXCEPTION GET DIAGNOSTICS CONDITION 1 v_error = MESSAGE_TEXT;
          OPEN v_sessions;
          sessions: LOOP
            FETCH v_sessions INTO v_id;
            IF v_none THEN LEAVE sessions; END IF;
            ${one}
          END LOOP;
          CLOSE v_sessions;
        END;`;
}
