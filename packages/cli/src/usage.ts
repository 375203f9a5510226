export const usage = `Usage: daypass reconcile [--instance NAME]... [--dry-run] [--json]

Compares Daypass's ledger with the accounts that are really on the database servers, on every instance, and tells
every difference: accounts that nobody knows, that should be gone, that are missing, or that may do more than was
lent. Accounts that are not provably Daypass's own are never touched.

Without --dry-run it also puts right what is safe to put right: an account that no access knows is locked at once
and dropped after a while, one that should be gone is taken back again, a wrong end is set. With --dry-run it looks,
prints, and touches nothing.

Options
  -i, --instance NAME   this instance alone; may be given several times
  -n, --dry-run         look and print, touch nothing
      --json            one JSON document on standard output, for scripts
      --timeout TIME    give up waiting after this long (90s, 10m, 1h); 10m by itself
      --url URL         where Daypass is, such as https://daypass.example.com
      --config FILE     instead of ~/.config/daypass/config.json
      --no-color        no colours (nor with NO_COLOR set, nor in a pipe)
  -h, --help            this text
      --version         the version

Address and token
  DAYPASS_URL, DAYPASS_TOKEN, or the configuration file: { "url": "https://…", "token": "dpt_…" }, which must be
  for your eyes alone (chmod 600). Without a token, and at a terminal, it is asked for. Make one under Settings,
  Access tokens, as an administrator and with the scopes Read and Administer.

Exit codes
  0   no difference on any instance
  1   at least one difference, also when it was put right
  2   could not check everything: an instance that does not answer, a missing right, a wrong option

Results go to standard output, progress and failures to standard error.
`;
