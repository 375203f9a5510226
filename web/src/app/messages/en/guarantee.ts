/** How an account comes to its end: what is armed, what stands in the way, and what was seen. */
export const guarantee = {
  layers: {
    title: "What ends this access",
    lead: "Three parts. Each does its work also when the other two are down.",
    database: "The database itself",
    timer: "Its timer",
    sweeper: "The sweeper",
    tone: { green: "Armed", amber: "Not armed", red: "Attention", grey: "Not yet" },
    databaseSays: {
      waiting: "Is told the end in the same step that makes the account.",
      login: "Refuses new logins from <moment></moment> on, also if all of Daypass is down.",
      loginSince: "Has refused new logins by itself since <moment></moment>.",
      drop: "Closes the sessions and drops the account at <moment></moment> by itself, also if all of Daypass is down.",
      dropSince: "Was to close the sessions and drop the account by itself at <moment></moment>.",
      none: "Does nothing by itself. Timer and sweeper end the access.",
      untold: "What it does by itself was not kept for this access. Timer and sweeper end it.",
      denied: "Refuses new logins: this was done and seen.",
      open: "Still lets the account log in. See above what stands in the way.",
      unseen: "What it does now was not seen yet.",
    },
    noEvents: "Its event scheduler is off, or Daypass’s own user may not make events.",
    earlier: "Its end is still the earlier one; it is being told the later.",
    timerSays: {
      starting: "Is at work: the account is being made.",
      awaited: "Is being started. If it does not come within 2 minutes, the sweeper does its work.",
      running:
        "Sleeps until <moment></moment>, then closes sessions, drops the account and looks that it is absent.",
      due: "Is due since <moment></moment>.",
      retries: "Tries again <moment></moment>.",
      working: "Is at work: it closes sessions, drops the account and looks that it is absent.",
      unseen: "Has left no sign. The sweeper does its work.",
    },
    sweeperSays: {
      alive: "Looked <moment></moment>. Once a minute it does whatever the timer left undone.",
      silent: "Has not been heard of since <moment></moment>, although it should look every minute.",
      never: "Has not looked yet.",
    },
    absent: "Revoked: a query of the server showed the account absent",
    never: "No account is left: a query of the server showed it absent",
  },
  failure: {
    title: {
      provision: "The account could not be made yet",
      extend: "The database could not be told the new end",
      revoke: "The account is not dropped yet",
      locked: "The account is locked, but not dropped yet",
      open: "The account could not be locked yet",
    },
    /** What the holder reads: calm, and that nothing is for them to do. */
    holder: {
      locked: "Your access is over. Removing the account takes longer than usual; it is locked.",
      revoke: "Your access is over. Taking the account back takes longer than usual.",
      nothing: "You need not do anything. Administrators see it too, and it is tried again until it is done.",
      details: "What stands in the way",
    },
    reason: {
      unreachable: "The database does not answer.",
      permission: "Daypass’s own user lacks a right on the database.",
      "owned-objects": "The account owns objects that block its removal.",
      lock: "Another session holds a lock.",
      "server-changed": "Another server answers in place of the one that has the account.",
      other: "The database refused.",
    },
    blockers: {
      unreachable: "What was found",
      permission: "The right that is missing",
      "owned-objects": "What it owns or has rights on",
      lock: "Who holds the lock",
      "server-changed": "What was found",
      other: "What blocks it",
    },
    denied: "New logins are refused.",
    open: "It can still log in.",
    unknown: "Whether it can still log in cannot be seen until the database answers.",
    tried:
      "{count, plural, one {Tried once} other {Tried # times}}, first <moment></moment>; next try <next></next>. It is tried for ever, at most 5 minutes apart.",
    triedNow:
      "{count, plural, one {Tried once} other {Tried # times}}, first <moment></moment>; being tried again now.",
    remedy: "What an administrator can run",
    retry: "Retry now",
    retried: "Trying again now.",
  },
} as const;
