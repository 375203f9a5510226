const paths: Record<string, (id: string) => string> = {
  req: (id) => `/requests/${id}`,
  grt: (id) => `/grants/${id}`,
  dbs: (id) => `/databases/${id}`,
  evt: (id) => `/audit/${id}`,
  usr: (id) => `/audit?actor=${id}`,
  ins: (id) => `/settings/instances?instance=${id}`,
  pol: (id) => `/policies/${id}`,
};

/** The page of the thing that an identifier names; null for other text. */
export function pathOfId(text: string): string | null {
  const match = /^([a-z]{3})_[0-7][0-9A-HJKMNP-TV-Z]{25}$/.exec(text);
  return paths[match?.[1] ?? ""]?.(text) ?? null;
}
