/** A ring that is not closed, with a clock's hands: access with an end. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M16 6.5a9.5 9.5 0 1 1-8.2 4.7" />
        <path d="M16 11v5.2l3.4 2.3" />
      </g>
    </svg>
  );
}
