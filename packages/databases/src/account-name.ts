/** `dp_` and a lower-cased ULID: 29 bytes, below the 32 of MySQL, with the unique part first. */
export const accountNamePattern = /^dp_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const stackPattern = /^[a-z0-9][a-z0-9-]{0,19}$/;
const grantIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

export function isAccountName(name: string): boolean {
  return accountNamePattern.test(name);
}

export function isStack(stack: string): boolean {
  return stackPattern.test(stack);
}

export function isGrantId(grantId: string): boolean {
  return grantIdPattern.test(grantId);
}
