/** Language and colours; both are kept on this phone. */

import { say } from "../../dom/say.ts";
import { languageChoice } from "../language_choice.ts";
import type { Part } from "../screens/settings.ts";
import { chooseTheme, chosenTheme, THEMES, type Theme } from "../theme.ts";
import { card, choices } from "./card.ts";

const WORDS: Readonly<Record<Theme, string>> = {
  system: "As the phone is set",
  light: "Light",
  dark: "Dark",
};

export const appearance: Part = ({ state }) => {
  const offered = THEMES.map((value) => ({ value, words: say(WORDS[value]) }));
  const choose = (value: string) => chooseTheme(value as Theme);
  return card(
    "Language and colours",
    languageChoice(state),
    choices("Colours", "theme", offered, chosenTheme(), choose),
  );
};
