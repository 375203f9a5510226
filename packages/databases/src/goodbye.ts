const patienceMs = 1_000;

/** Waits for the server to say goodbye, but not for one that no longer answers. */
export async function awaitGoodbye(goodbye: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([goodbye, patience]);
  clearTimeout(timer);
}
