/** Who holds a state lock, as its holder wrote it down. */
export interface LockInfo {
  readonly id: string | null;
  readonly who: string | null;
  readonly since: string | null;
  readonly operation: string | null;
}

/** Reads the `Lock Info:` of Terraform's complaint. */
export const parseLockInfo = (detail: string): LockInfo => {
  const field = (name: string): string | null =>
    new RegExp(`^\\s*${name}:[ \\t]*(\\S.*)$`, 'm').exec(detail)?.[1]?.trim() ?? null;
  return {
    id: field('ID'),
    who: field('Who'),
    // 2026-11-21 09:38:04.35 +0000 UTC: nobody needs the fractions.
    since: field('Created')?.replace(/\.\d+/, '').replace(' +0000 UTC', ' UTC') ?? null,
    operation:
      field('Operation')
        ?.replace(/^OperationType/, '')
        .toLowerCase() ?? null,
  };
};

/** "root@build-1 since 2026-11-21 09:38:04 UTC (apply)". */
export const lockHolder = ({ who, since, operation }: LockInfo): string | null => {
  if (who === null) return null;
  return `${who}${since ? ` since ${since}` : ''}${operation && operation !== 'invalid' ? ` (${operation})` : ''}`;
};
