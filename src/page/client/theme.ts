/** The button that goes from light to dark and back, beside what the system prefers; `redraw` is called whenever the colours change. */
export function startTheme(redraw: () => void): void {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const button = document.createElement("button");
  button.type = "button";
  const show = () => {
    button.textContent = isDark() ? "Light colours" : "Dark colours";
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    show();
    redraw();
  });
  system.addEventListener("change", () => {
    show();
    redraw();
  });
  show();
  document.getElementById("theme")?.append(button);
}
