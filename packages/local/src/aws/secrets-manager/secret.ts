/** A secret as it is kept. Instants are milliseconds. */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly createdMs: number;
  readonly changedMs: number;
  /** The day of the last read, as AWS keeps it: without the time. */
  readonly accessedMs?: number | undefined;
  /** Set once deletion is asked for. */
  readonly deletion?: Deletion | undefined;
  readonly versions: Readonly<Record<string, SecretVersion>>;
}

export interface Deletion {
  /** The instant at which it was or will be removed, shown as DeletionDate. */
  readonly removeMs: number;
  /** A forced deletion cannot be taken back. */
  readonly forced: boolean;
}

/** Exactly one of `text` and `binary` (base64). */
export interface SecretVersion {
  readonly createdMs: number;
  readonly text?: string | undefined;
  readonly binary?: string | undefined;
  readonly stages: readonly string[];
}

export const currentStage = "AWSCURRENT";
const previousStage = "AWSPREVIOUS";
const mostVersions = 100;

/**
 * Adds a version and moves `stages` to it. Moving AWSCURRENT leaves AWSPREVIOUS on the version that had it. Versions
 * without a stage are deprecated; the oldest of them go first when there are more than a hundred.
 */
export function withVersion(
  versions: Secret["versions"],
  id: string,
  added: Omit<SecretVersion, "stages">,
  stages: readonly string[],
): Secret["versions"] {
  const wasCurrent = idAtStage(versions, currentStage);
  const movesCurrent = stages.includes(currentStage);
  const taken = new Set(movesCurrent && wasCurrent !== undefined ? [...stages, previousStage] : stages);
  const next: Record<string, SecretVersion> = {};
  for (const [known, version] of Object.entries(versions)) {
    const left = version.stages.filter((stage) => !taken.has(stage));
    if (movesCurrent && known === wasCurrent) left.push(previousStage);
    next[known] = { ...version, stages: left };
  }
  next[id] = { ...added, stages: [...stages] };
  return pruned(next);
}

export function idAtStage(versions: Secret["versions"], stage: string): string | undefined {
  return Object.entries(versions).find(([, version]) => version.stages.includes(stage))?.[0];
}

/** The same value, so that a repeated request is a success and not a conflict. */
export function isSameValue(version: SecretVersion, text?: string, binary?: string): boolean {
  return version.text === text && version.binary === binary;
}

export function stagesByVersion(secret: Secret): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(secret.versions)
      .filter(([, version]) => version.stages.length > 0)
      .map(([id, version]) => [id, [...version.stages]]),
  );
}

function pruned(versions: Record<string, SecretVersion>): Record<string, SecretVersion> {
  const surplus = Object.keys(versions).length - mostVersions;
  const deprecated = Object.entries(versions)
    .filter(([, version]) => version.stages.length === 0)
    .sort(([, a], [, b]) => a.createdMs - b.createdMs);
  for (const [id] of deprecated.slice(0, Math.max(0, surplus))) delete versions[id];
  return versions;
}
