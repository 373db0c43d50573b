/** Light or dark: the system's choice until the operator makes one. */

import { t } from "../core/language.ts";

const KEY = "gspace.theme";

export function setUpTheme(toggle: HTMLElement): void {
  const show = () => {
    const dark = isDark();
    toggle.setAttribute("aria-pressed", String(dark));
    toggle.title = dark ? t("Light theme") : t("Dark theme");
    document.dispatchEvent(new CustomEvent("themechange"));
  };
  applyKept();
  toggle.addEventListener("click", () => {
    keep(isDark() ? "light" : "dark");
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  if (chosen) return chosen === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function keep(theme: string): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

function applyKept(): void {
  try {
    const theme = localStorage.getItem(KEY);
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // The system's choice stands.
  }
}
