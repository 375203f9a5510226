import { setTimeout as sleep } from "node:timers/promises";

/** Takes every place that a server has, and each that becomes free meanwhile, until the answer is called. */
export async function crowd<Client>(
  connect: () => Promise<Client>,
  isFull: (error: unknown) => boolean,
  leave: (client: Client) => Promise<unknown>,
): Promise<() => Promise<void>> {
  const inside: Client[] = [];
  let isOver = false;
  const fill = async () => {
    try {
      while (!isOver) inside.push(await connect());
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  };
  await fill();
  const filling = (async () => {
    while (!isOver) {
      await sleep(20);
      await fill();
    }
  })();
  return async () => {
    isOver = true;
    await filling;
    await Promise.all(inside.map(leave));
  };
}
