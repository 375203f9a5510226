// Runs before the first paint, so that a reader of the dark page never sees a white flash.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("daypass-color-scheme");
  } catch {
    chosen = null;
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
