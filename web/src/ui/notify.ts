import { notifications } from "@mantine/notifications";

/** A short word that something was done; it goes by itself. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: "gray", autoClose: 4_000, withBorder: true });
}

/** Something the reader should not miss; it stays longer and can be closed. */
export function notifyBad(message: string): void {
  notifications.show({ message, color: "red", autoClose: 10_000, withBorder: true, role: "alert" });
}
